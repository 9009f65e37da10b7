// Threads: chats that step aside from a message of another one.

import type { Id, Message, Session } from "./protocol.ts";

/** By the message that they depart from, the newest first. */
export type Threads = ReadonlyMap<Id, readonly Session[]>;

const isThread = ({ forked_from, temporary }: Session): boolean => forked_from != null && !temporary;

const newestFirst = (a: Session, b: Session): number => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0);

/** Out of all sessions. `before` itself where none of them has changed: the list changes with every answer anywhere. */
export function threadsIn(sessions: readonly Session[], before: Threads): Threads {
  const threads = sessions.filter(isThread);
  const known = new Set([...before.values()].flat());
  if (threads.length === known.size && threads.every((session) => known.has(session))) return before;
  const from = new Map<Id, Session[]>();
  for (const thread of threads.toSorted(newestFirst)) {
    const message = thread.forked_from as Id;
    from.set(message, [...(from.get(message) ?? []), thread]);
  }
  return from;
}

/** The last of the messages that a thread has from elsewhere: they are older than the thread. Null where none of these is among them. */
export function departureOf({ forked_from, created_at }: Session, messages: readonly Message[]): Id | null {
  if (forked_from == null) return null;
  return messages.findLast((message) => message.role !== "transition" && message.created_at <= created_at)?.id ?? null;
}
