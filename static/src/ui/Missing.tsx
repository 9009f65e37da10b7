import type { JSX } from "preact";
import { go } from "../app/routing.ts";
import { t } from "../core/t.ts";

/** An address without a chat: a mistyped one, a deleted one, or somebody else's. */
export function Missing(): JSX.Element {
  return (
    <div class="thread-area centred">
      <h2>{t("This chat is not here")}</h2>
      <p>{t("It may have been deleted, or it belongs to somebody else.")}</p>
      <button type="button" class="button" onClick={() => go(null)}>{t("Start a new chat")}</button>
    </div>
  );
}
