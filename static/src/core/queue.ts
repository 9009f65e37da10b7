// Messages that wait for the end of an answer, by session. Their ids are those of the commands that will send them, so two
// tabs that send the same one send it once.

import type { FilePart, Id } from "./protocol.ts";
import { isFinal } from "./protocol.ts";
import { isBusy, type Thread } from "./thread.ts";

export interface Queued {
  id: Id;
  text: string;
  files: readonly FilePart[];
}

export type Queue = Readonly<Record<Id, readonly Queued[]>>;

export const NOTHING_QUEUED: Queue = {};

function withMessages(queue: Queue, session: Id, messages: readonly Queued[]): Queue {
  const { [session]: _, ...others } = queue;
  return messages.length === 0 ? others : { ...others, [session]: messages };
}

export function enqueue(queue: Queue, session: Id, message: Queued): Queue {
  return withMessages(queue, session, [...(queue[session] ?? []), message]);
}

export function dequeue(queue: Queue, session: Id, id: Id): Queue {
  return withMessages(queue, session, (queue[session] ?? []).filter((other) => other.id !== id));
}

/** The message goes before all others of its session. */
export function toFront(queue: Queue, session: Id, id: Id): Queue {
  const waiting = queue[session] ?? [];
  return withMessages(queue, session, [...waiting.filter((one) => one.id === id), ...waiting.filter((one) => one.id !== id)]);
}

/** Reads what was kept; anything else is an empty queue. */
export function restoreQueue(text: string | null): Queue {
  try {
    const kept: unknown = JSON.parse(text ?? "{}");
    if (typeof kept !== "object" || kept === null) return NOTHING_QUEUED;
    return Object.fromEntries(Object.entries(kept).flatMap(([session, messages]) => {
      const known = Array.isArray(messages) ? messages.filter(isQueued).map((one) => ({ ...one, files: one.files ?? [] })) : [];
      return known.length === 0 ? [] : [[session, known]];
    }));
  } catch {
    return NOTHING_QUEUED;
  }
}

// A page of before files may have kept messages without a list of them.
function isQueued(value: unknown): value is Omit<Queued, "files"> & Partial<Queued> {
  const { id, text } = (value ?? {}) as Partial<Queued>;
  return typeof id === "string" && typeof text === "string";
}

/** `sends`: the next one goes now. `waits`: for the end of an answer. `held`: the reader decides, since the last answer broke off. */
export function stateOf(thread: Thread): "sends" | "waits" | "held" {
  if (thread.phase !== "ready" || isBusy(thread) || thread.live !== null) return "waits";
  const last = thread.messages.findLast((message) => message.role !== "transition");
  if (last === undefined) return "waits";
  if (last.delivery !== undefined || last.role === "user") return "held";
  const status = last.generation?.status ?? "completed";
  return status === "completed" ? "sends" : isFinal(status) ? "held" : "waits";
}
