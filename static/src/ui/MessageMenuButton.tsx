import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Message } from "../core/protocol.ts";
import type { IconName } from "../render/icons.ts";
import { Icon } from "./Icon.tsx";
import { DIALOGS, menu, type MenuKind } from "./screen.ts";

/** Opens a menu or a card about a message, and closes it. */
export function MessageMenuButton({ kind, message, icon, label, caption, disabled }: {
  kind: MenuKind; message: Message; icon: IconName; label: string; caption?: string | null; disabled?: boolean;
}): JSX.Element {
  const wasOpen = useRef(false);
  const open = menu.value?.kind === kind && menu.value.message.id === message.id;
  return (
    <button
      type="button" class={icon === "chevron" ? "action more-of" : "action"} aria-label={label} title={caption == null ? label : undefined}
      aria-expanded={open} aria-haspopup={DIALOGS.has(kind) ? "dialog" : "menu"} disabled={disabled}
      // A press outside of what is open closes it, before the click comes.
      onPointerDown={() => { wasOpen.current = open; }}
      onClick={({ currentTarget }) => {
        menu.value = wasOpen.current ? null : { kind, message, anchor: currentTarget };
        wasOpen.current = false;
      }}
    >
      <Icon name={icon} />
      {caption != null && <span class="action-label">{caption}</span>}
    </button>
  );
}
