import type { JSX } from "preact";
import { go } from "../app/routing.ts";
import { openSession } from "../app/store.ts";
import { hasJoined } from "../app/together.ts";
import { t } from "../core/t.ts";

/** An address without a chat: a mistyped one, a deleted one, or somebody else's, who may have let the reader in until now. */
export function Missing(): JSX.Element {
  const wasGuest = hasJoined(openSession.value);
  return (
    <div class="thread-area centred">
      <h2>{wasGuest ? t("You can't open this chat any more") : t("This chat is not here")}</h2>
      <p>{wasGuest ? t("It was deleted, or you are not in it any more.") : t("It may have been deleted, or it belongs to somebody else.")}</p>
      <button type="button" class="button" onClick={() => go(null)}>{t("Start a new chat")}</button>
    </div>
  );
}
