import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../Icon.tsx";
import { listMenu } from "../screen.ts";
import { type Entry, entriesOf } from "./entries.ts";

const GAP = 4;

function close(): void {
  const open = listMenu.peek();
  listMenu.value = null;
  if (open?.anchor.isConnected === true) open.anchor.focus();
}

/** Under its button, or above it where the screen ends. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const { left, right, top, bottom } = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = menu;
  const below = bottom + GAP;
  const y = below + offsetHeight > innerHeight ? Math.max(GAP, top - GAP - offsetHeight) : below;
  menu.style.top = `${y}px`;
  const start = getComputedStyle(menu).direction === "rtl" ? right - offsetWidth : left;
  menu.style.left = `${Math.max(GAP, Math.min(start, innerWidth - offsetWidth - GAP))}px`;
}

function Item({ entry }: { entry: Entry }): JSX.Element {
  function perform(): void {
    close();
    entry.perform();
  }
  return (
    <li role="none" class={entry.apart === true ? "apart" : undefined}>
      <button type="button" role="menuitem" class={entry.danger === true ? "danger" : undefined} tabIndex={-1} onClick={perform}>
        <Icon name={entry.icon} /><span>{entry.label}</span>
      </button>
    </li>
  );
}

/** What can be done with a chat, a folder, or the list. */
export function ListMenu(): JSX.Element | null {
  const menu = useRef<HTMLUListElement>(null);
  const open = listMenu.value;
  const items = (): HTMLElement[] => [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  useLayoutEffect(() => {
    if (open === null || menu.current === null) return;
    place(menu.current, open.anchor);
    items()[0]?.focus();
  }, [open]);
  useEffect(() => {
    const pressed = ({ target }: Event): void => {
      const inside = target instanceof Node && (menu.current?.contains(target) === true || open?.anchor.contains(target) === true);
      if (!inside) listMenu.value = null;
    };
    document.addEventListener("pointerdown", pressed);
    return () => document.removeEventListener("pointerdown", pressed);
  }, [open]);
  if (open === null) return null;

  function onKeyDown(event: KeyboardEvent): void {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const moves: Record<string, () => void> = {
      ArrowDown: () => all[(at + 1) % all.length]?.focus(),
      ArrowUp: () => all.at(at - 1)?.focus(),
      Home: () => all[0]?.focus(),
      End: () => all.at(-1)?.focus(),
      Escape: close,
      Tab: close,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }
  return (
    <ul class="menu" role="menu" aria-label={open.label} ref={menu} onKeyDown={onKeyDown}>
      {entriesOf(open.subject).map((entry) => <Item key={entry.label} entry={entry} />)}
    </ul>
  );
}
