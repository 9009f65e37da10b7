import type { JSX } from "preact";
import { Icon } from "./Icon.tsx";
import { listMenu, type Subject } from "./screen.ts";
import { t } from "../core/t.ts";

/** Opens what can be done with a chat, a folder, or the list itself. */
export function MenuButton({ subject, label }: { subject: Subject; label: string }): JSX.Element {
  const open = listMenu.value !== null && listMenu.value.label === label;
  return (
    <button
      type="button" class="action menu-button" aria-label={label} title={t("Options")} aria-haspopup="menu" aria-expanded={open}
      onClick={(event) => { listMenu.value = open ? null : { subject, label, anchor: event.currentTarget }; }}
    >
      <Icon name="more" />
    </button>
  );
}
