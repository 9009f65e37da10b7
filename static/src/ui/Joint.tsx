import type { JSX } from "preact";
import type { Session } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";

/** In the list: that others write in a chat too. */
export function Joint({ guest }: Pick<Session, "guest">): JSX.Element {
  const label = guest === true ? t("Shared with you") : t("Others write in it too");
  return <span class="session-joint" role="img" aria-label={label} title={label}><Icon name="people" /></span>;
}
