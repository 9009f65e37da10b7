// Where the caret of the composer stands, and how text gets there.

import { signal } from "@preact/signals";
import { draft, write } from "./draft.ts";

/** From one character of the draft to another; the same twice is a place between two. */
export interface Place {
  from: number;
  to: number;
}

const field = (): HTMLTextAreaElement | null => document.querySelector("#message");

const moved = signal(0);

/** Follows the caret from now on. */
export function startFollowing(): void {
  document.addEventListener("selectionchange", () => { moved.value = field()?.selectionStart ?? 0; });
}

/** The draft up to the caret; a signal's value. */
export function beforeCaret(): string {
  const text = draft.value;
  void moved.value;
  const typed = field();
  // A draft that the page itself has set is not in the field yet.
  return typed?.value === text ? text.slice(0, typed.selectionStart) : text;
}

export function caret(): Place {
  const typed = field();
  return typed === null ? { from: 0, to: 0 } : { from: typed.selectionStart, to: typed.selectionEnd };
}

/** Puts text in a place of the draft, and the caret behind it. Sends nothing. */
export function insert(text: string, { from, to }: Place): void {
  const typed = field();
  if (typed === null) return;
  const isEnd = to === typed.value.length;
  typed.focus();
  typed.setRangeText(text, from, to, "end");
  write(typed.value);
  // The field grows with its text first.
  if (isEnd) setTimeout(() => { typed.scrollTop = typed.scrollHeight; });
}
