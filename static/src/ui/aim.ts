import { useEffect } from "preact/hooks";
import { target, thread } from "../app/store.ts";
import type { Scroller } from "./scroll.ts";

const SHOWN_FOR = 2_500;

/** Brings the message that is aimed at onto the screen, and marks it for a moment. */
export function useAim(content: { current: HTMLElement | null }, scroller: Scroller): void {
  const aimed = target.value;
  const shown = thread.value?.messages;
  useEffect(() => {
    if (aimed === null || thread.peek()?.session !== aimed.session) return;
    const message = content.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(aimed.message)}"]`);
    if (message == null) return;
    target.value = null;
    scroller.show(message);
    message.classList.add("aimed");
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    setTimeout(() => message.classList.remove("aimed"), SHOWN_FOR);
  }, [aimed, shown, scroller]);
}
