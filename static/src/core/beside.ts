// Answers of several models to one message, side by side: which there are, and where each stands.

import { awaitAnswer } from "./again.ts";
import { type LiveAnswer, newAnswer } from "./answer.ts";
import { withSibling } from "./branches.ts";
import { plainText } from "./message.ts";
import { type Id, isFinal, type Message } from "./protocol.ts";
import { besideLast, groupOf, revive, type ShownMessage, type Thread } from "./thread.ts";

export const MOST = 4;

/** What is being written beside the last answer, by its message. */
export type Lives = ReadonlyMap<Id, LiveAnswer>;

const placeOf = ({ generation }: Message): number => generation?.place ?? 0;

/** The answer that is on the branch; null while it is asked again. */
export function leading({ messages }: Thread): ShownMessage | null {
  const last = messages.findLast(({ role }) => role !== "transition");
  return last?.role === "assistant" ? last : null;
}

/** What stands side by side, from place to place; null is the one that leads while it is not there. Of two in one place the younger one. */
export function columnsOf(thread: Thread): readonly (ShownMessage | null)[] {
  const beside = besideLast(thread);
  const first = leading(thread);
  if (beside.length === 0) return first === null ? [] : [first];
  const byPlace = new Map<number, ShownMessage | null>(beside.toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1)).map((message) => [placeOf(message), message]));
  byPlace.set(first === null ? 0 : placeOf(first), first);
  return [...byPlace].toSorted(([a], [b]) => a - b).map(([, message]) => message);
}

/** Whether a message that another tab tells of stands beside the last answer, and does not come in its place. */
export function belongs(thread: Thread, message: Message): boolean {
  const first = leading(thread);
  if (message.role !== "assistant" || message.generation === null) return false;
  if (thread.beside.some(({ id }) => id === message.id)) return true;
  return first !== null && first.id !== message.id && first.parent === message.parent
    && groupOf(first) === groupOf(message) && placeOf(first) !== placeOf(message);
}

/** With these answers beside the last one, or beside `first`, which is about to be that; those that are known are replaced. */
export function withBeside(thread: Thread, messages: readonly Message[], first: Message | null = leading(thread)): Thread {
  const ids = new Set(messages.map(({ id }) => id));
  const all = [...(first === null ? [] : [first]), ...messages];
  return {
    ...thread,
    beside: [...thread.beside.filter(({ id }) => !ids.has(id)), ...messages],
    siblings: all.reduce(withSibling, thread.siblings),
  };
}

/** What is known of each that is being written; those that were not known begin with what is stored of them. */
export function livesOf(thread: Thread, known: Lives): Lives {
  return new Map(besideLast(thread).flatMap((message) => {
    const begun = revive(message);
    return begun === null ? [] : [[message.id, known.get(message.id) ?? begun]];
  }));
}

/** An answer as a thread of its own, which takes in frames as any other does. */
export function aloneIn(thread: Thread, message: Message, live: LiveAnswer | null): Thread {
  return { ...thread, messages: [message], previous: null, beside: [], live, awaiting: null };
}

/** Another one is the last answer of the branch now. What followed the one before stays with that. */
export function choose(thread: Thread, lives: Lives, chosen: Message): { thread: Thread; lives: Lives } {
  const first = leading(thread);
  if (first === null) return { thread, lives };
  const at = thread.messages.indexOf(first);
  const others = new Map([...lives].filter(([id]) => id !== chosen.id));
  if (thread.live !== null) others.set(first.id, thread.live);
  const next = {
    ...thread,
    messages: [...thread.messages.slice(0, at), chosen],
    beside: [...thread.beside.filter(({ id }) => id !== chosen.id), first],
    live: lives.get(chosen.id) ?? null,
  };
  return { thread: next, lives: others };
}

function hasSaid({ generation, parts }: Message): boolean {
  const ended = generation === null || (isFinal(generation.status) && generation.status !== "failed");
  return ended && plainText(parts).trim() !== "";
}

/** The answers that stand side by side and can become one; none where there are not two. */
export function mergeableIn(thread: Thread): readonly Id[] {
  const said = columnsOf(thread).flatMap((message) => (message !== null && hasSaid(message) ? [message.id] : []));
  return said.length < 2 ? [] : said;
}

/** The answer under way stands alone, in place of those that it is made from. */
export function awaitMerged(thread: Thread, command: Id): Thread {
  const alone = { ...thread, beside: [] };
  return awaitAnswer(alone, command, leading(thread)?.id ?? "");
}

/** The stop was refused: from its first frame again. */
export const thawed = (live: LiveAnswer): LiveAnswer => ({ ...newAnswer(live.generation, live.message), parts: live.parts, provisional: true });
