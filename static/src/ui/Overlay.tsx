import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Details } from "./Details.tsx";
import { FeedbackMenu } from "./FeedbackMenu.tsx";
import { MoreMenu } from "./MoreMenu.tsx";
import { menu, type Menu } from "./screen.ts";
import { t } from "../core/t.ts";

const GAP = 6;
const EDGE = 8;

// Above its button, within the window; below where there is no room above.
function place(card: HTMLElement, anchor: HTMLElement): void {
  const { left, right, top, bottom } = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const above = top - GAP - height;
  const start = getComputedStyle(card).direction === "rtl" ? right - width : left;
  card.style.left = `${Math.max(EDGE, Math.min(start, innerWidth - width - EDGE))}px`;
  card.style.top = `${above >= EDGE ? above : Math.max(EDGE, Math.min(bottom + GAP, innerHeight - height - EDGE))}px`;
}

const ITEMS = "[role^=menuitem]:not(:disabled)";

function move(event: KeyboardEvent, frame: HTMLElement): void {
  const items = [...frame.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || items.length === 0) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}

function Content({ kind, message }: Menu): JSX.Element | null {
  switch (kind) {
    case "details":
      return message.generation === null ? null : <Details generation={message.generation} />;
    case "feedback":
      return <FeedbackMenu message={message} />;
    case "more":
      return <MoreMenu message={message} />;
  }
}

/** The one menu or card that is open beside its button, in the top layer: a turn clips what stands out of it. */
export function Overlay({ shown }: { shown: Menu }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const card = frame.current;
    if (card === null) return;
    if (!card.matches(":popover-open")) card.showPopover();
    place(card, shown.anchor);
    card.querySelector<HTMLElement>(ITEMS)?.focus();
  }, [shown]);
  return (
    <div
      ref={frame} popover="auto" class={shown.kind === "details" ? "details-card" : "menu"}
      role={shown.kind === "details" ? "dialog" : "menu"} aria-label={shown.kind === "details" ? t("Details of this answer") : t("Actions")}
      onKeyDown={(event) => move(event, event.currentTarget)}
      onToggle={({ newState }) => { if (newState === "closed" && menu.peek() === shown) menu.value = null; }}
    >
      <Content {...shown} />
    </div>
  );
}
