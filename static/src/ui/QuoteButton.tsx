import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { draft, write } from "./draft.ts";
import { Icon } from "./Icon.tsx";
import { focusComposer } from "./screen.ts";
import { t } from "../core/t.ts";

interface Selected {
  text: string;
  left: number;
  top: number;
}

const WIDTH = 88;
const HEIGHT = 40;

/** What of one message is selected, and where; null when nothing is, or more than one message. */
function selected(): Selected | null {
  const selection = document.getSelection();
  const text = selection?.toString().trim() ?? "";
  if (selection === null || text === "" || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const element = node instanceof Element ? node : node.parentElement;
  if (element?.closest(".prose, .bubble") == null) return null;
  const { left, width, top, bottom } = range.getBoundingClientRect();
  const above = top - HEIGHT - 4;
  return {
    text,
    left: Math.max(8, Math.min(left + width / 2 - WIDTH / 2, innerWidth - WIDTH - 8)),
    top: above >= 8 ? above : Math.min(bottom + 4, innerHeight - HEIGHT - 8),
  };
}

/** Appears at a selection in a message, and brings it into the composer as a quotation. */
export function QuoteButton(): JSX.Element | null {
  const [shown, setShown] = useState<Selected | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    const options = { signal: ending.signal, passive: true };
    // At the end of a selection, not while it is drawn.
    const look = (): void => setShown(selected());
    document.addEventListener("pointerup", () => setTimeout(look), options);
    document.addEventListener("keyup", ({ shiftKey, key }) => { if (shiftKey || key === "Shift") look(); }, options);
    document.addEventListener("selectionchange", () => { if (document.getSelection()?.isCollapsed !== false) setShown(null); }, options);
    document.addEventListener("scroll", () => setShown(null), { ...options, capture: true });
    return () => ending.abort();
  }, []);
  if (shown === null) return null;
  const quotation = shown.text.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n");
  return (
    <button
      type="button" class="quote" onPointerDown={(event) => event.preventDefault()}
      ref={(button) => {
        if (button === null) return;
        button.style.left = `${shown.left}px`;
        button.style.top = `${shown.top}px`;
      }}
      onClick={() => {
        document.getSelection()?.removeAllRanges();
        const before = draft.peek().trimEnd();
        write(`${before}${before === "" ? "" : "\n\n"}${quotation}\n\n`);
        focusComposer();
      }}
    >
      <Icon name="quote" />{t("Quote")}
    </button>
  );
}
