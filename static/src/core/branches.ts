// Messages that follow the same one: edits, other answers. Which of them is on the screen, and which are beside it.

import type { Id, Message } from "./protocol.ts";

/** By parent ("" at the beginning): the messages after it in the order of their writing. Only where there may be several. */
export type Siblings = Readonly<Record<string, readonly Id[]>>;

export const NO_SIBLINGS: Siblings = {};

const keyOf = (message: Pick<Message, "parent">): string => message.parent ?? "";

/** Takes in what a page says: for each of its messages that is not alone, all that have the same parent. */
export function withPage(before: Siblings, page: readonly Message[], listed: Readonly<Record<Id, readonly Id[]>>): Siblings {
  const news = page.flatMap((message) => {
    const all = listed[message.id];
    return all === undefined ? [] : [[keyOf(message), all] as const];
  });
  return news.length === 0 ? before : { ...before, ...Object.fromEntries(news) };
}

/** Takes in a message that is on the screen, or was. */
export function withSibling(before: Siblings, message: Message | undefined): Siblings {
  if (message === undefined) return before;
  const known = before[keyOf(message)] ?? [];
  return known.includes(message.id) ? before : { ...before, [keyOf(message)]: [...known, message.id] };
}

export interface Place {
  /** From 1. */
  number: number;
  count: number;
  previous: Id | null;
  next: Id | null;
}

/** Where a message stands among its siblings; null when it is alone. */
export function placeOf(siblings: Siblings, message: Message): Place | null {
  const all = siblings[keyOf(message)];
  const index = all?.indexOf(message.id) ?? -1;
  if (all === undefined || index < 0 || all.length < 2) return null;
  return { number: index + 1, count: all.length, previous: all[index - 1] ?? null, next: all[index + 1] ?? null };
}
