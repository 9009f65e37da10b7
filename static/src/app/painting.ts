// How often a growing answer is drawn: at most every 50 ms, with the screen's own frames; the first word at once.

import { effect, signal } from "@preact/signals";
import type { LiveAnswer } from "../core/answer.ts";
import type { Id } from "../core/protocol.ts";
import { thread } from "./store.ts";

const EVERY = 50;
// When drawing itself is slow, it leaves the machine time to do something else.
const SLOW = 8;
const EVERY_WHEN_SLOW = 100;

/** The answer as it is on the screen. */
export const painted = signal<LiveAnswer | null>(null);

/** Those beside it, by their messages (beside.ts). */
export const paintedBeside = signal<ReadonlyMap<Id, LiveAnswer>>(new Map());

let due = 0;
let frame = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Draws what has come so far, now. */
export function paint(): void {
  clearTimeout(timer);
  cancelAnimationFrame(frame);
  frame = 0;
  timer = undefined;
  const before = performance.now();
  painted.value = thread.peek()?.live ?? null;
  const now = performance.now();
  due = now + (now - before > SLOW ? EVERY_WHEN_SLOW : EVERY);
}

function schedule(): void {
  if (timer !== undefined || frame !== 0) return;
  timer = setTimeout(() => {
    timer = undefined;
    frame = requestAnimationFrame(paint);
  }, Math.max(0, due - performance.now() - SLOW));
}

effect(() => {
  const live = thread.value?.live ?? null;
  const shown = painted.peek();
  if (live === shown) return;
  // Beginning, ending and stopping are not delayed; only words are.
  if (live === null || shown === null || live.generation !== shown.generation || live.frozen !== shown.frozen) paint();
  else schedule();
});
