import type { JSX } from "preact";
import { studio } from "../app/store.ts";
import { t } from "../core/t.ts";

/** Under the list: how long the team keeps chats, where it does not keep them for ever. */
export function KeptFor(): JSX.Element | null {
  const days = studio.value?.kept.days ?? null;
  if (days === null) return null;
  return <p class="kept-for">{t("Chats of this team are kept for {count} day.|Chats of this team are kept for {count} days.", { count: days })}</p>;
}
