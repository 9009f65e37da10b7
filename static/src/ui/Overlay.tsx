import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { AgainMenu } from "./AgainMenu.tsx";
import { MergeMenu } from "./beside/MergeMenu.tsx";
import { Details } from "./Details.tsx";
import { FeedbackMenu } from "./FeedbackMenu.tsx";
import { MoreMenu } from "./MoreMenu.tsx";
import { DIALOGS, menu, type Menu, type MenuKind } from "./screen.ts";
import { ThreadMenu } from "./Threads.tsx";
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

const ITEMS = ".menu-item:not(:disabled)";

const LABELS: Readonly<Partial<Record<MenuKind, string>>> = { again: t("Answer again"), details: t("Details of this answer"), threads: t("Threads") };

function move(event: KeyboardEvent, frame: HTMLElement): void {
  const items = [...frame.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const inField = event.target instanceof HTMLTextAreaElement;
  const ends = inField ? {} : { Home: 0, End: items.length - 1 };
  const to = ({ ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, ...ends } as Record<string, number>)[event.key];
  if (to === undefined || items.length === 0 || event.isComposing) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}

function Content({ kind, message }: Menu): JSX.Element | null {
  switch (kind) {
    case "again":
      return <AgainMenu message={message} />;
    case "details":
      return message.generation === null ? null : <Details generation={message.generation} />;
    case "feedback":
      return <FeedbackMenu message={message} />;
    case "merge":
      return <MergeMenu />;
    case "more":
      return <MoreMenu message={message} />;
    case "threads":
      return <ThreadMenu message={message} />;
  }
}

/** The one menu or card that is open beside its button, in the top layer: a turn clips what stands out of it. */
export function Overlay({ shown }: { shown: Menu }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const card = frame.current;
    if (card === null) return;
    if (!card.matches(":popover-open")) card.showPopover();
    const stay = (): void => place(card, shown.anchor);
    stay();
    // On glass a field that has the focus brings a keyboard along, which would hide what else there is to choose.
    const field = matchMedia("(pointer: coarse)").matches ? null : card.querySelector<HTMLElement>("[data-first]");
    (field ?? card.querySelector<HTMLElement>(ITEMS))?.focus();
    addEventListener("resize", stay);
    return () => removeEventListener("resize", stay);
  }, [shown]);
  return (
    <div
      ref={frame} popover="auto" class={shown.kind === "details" ? "details-card" : "menu"}
      role={DIALOGS.has(shown.kind) ? "dialog" : "menu"} aria-label={LABELS[shown.kind] ?? t("Actions")}
      onKeyDown={(event) => move(event, event.currentTarget)}
      onToggle={({ newState }) => { if (newState === "closed" && menu.peek() === shown) menu.value = null; }}
    >
      <Content {...shown} />
    </div>
  );
}
