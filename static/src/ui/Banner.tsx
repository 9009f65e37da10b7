import type { JSX } from "preact";
import { connection } from "../app/store.ts";
import { addresses } from "./screen.ts";
import { t } from "../core/t.ts";

/** Says quietly that the connection is lost. A first attempt that has just begun is not worth a word. */
export function Banner(): JSX.Element | null {
  const state = connection.value;
  if (state.phase === "live" || (state.phase === "connecting" && state.attempt === 0)) return null;
  if (state.phase === "gone") {
    return (
      <div class="banner" role="status">
        {state.another
          ? <>{t("Somebody else is signed in here now. What you have not sent is kept for you.")} <a href="/">{t("Reload")}</a></>
          : <>{t("You have been signed out.")} <a href={addresses.signIn}>{t("Sign in")}</a></>}
      </div>
    );
  }
  if (state.phase === "waiting" && state.crowded) {
    return <div class="banner" role="status">{t("The chat is open in too many tabs. Close some; this one tries again in a minute.")}</div>;
  }
  return (
    <div class="banner" role="status">
      <span class="banner-dot" aria-hidden="true" />{t("Reconnecting… the answer goes on on the server.")}
    </div>
  );
}
