// One session on the screen: what the server says and what the reader does, folded into a list of messages.

import { answerFromSnapshot, applyPart, type LiveAnswer, newAnswer, type Outcome, settle } from "./answer.ts";
import { NO_SIBLINGS, type Siblings, withPage, withSibling } from "./branches.ts";
import { type AckResult, type FilePart, type Id, isFinal, type Message, type PartsFrame, type Problem, type SnapshotFrame } from "./protocol.ts";

/** A message as shown. `delivery` is set on the reader's own until the server has it. */
export interface ShownMessage extends Message {
  delivery?: "sending" | "refused";
  problem?: Problem;
}

export interface Thread {
  session: Id;
  phase: "loading" | "ready" | "missing" | "failed";
  messages: readonly ShownMessage[];
  /** The cursor of the page before the oldest message; null at the beginning. */
  previous: Id | null;
  siblings: Siblings;
  /** Other models' answers to what the last answer answers (app/beside.ts). */
  beside: readonly Message[];
  live: LiveAnswer | null;
  /** The command whose answer has not begun yet. */
  awaiting: Id | null;
}

/** `resubscribe` asks for the frames that are missing. */
export interface Applied {
  thread: Thread;
  resubscribe: boolean;
}

export function newThread(session: Id): Thread {
  return { session, phase: "loading", messages: [], previous: null, siblings: NO_SIBLINGS, beside: [], live: null, awaiting: null };
}

const done = (thread: Thread): Applied => ({ thread, resubscribe: false });
const missing = (thread: Thread): Applied => ({ thread, resubscribe: true });

function keyOf(message: ShownMessage): Id {
  return message.client_id ?? message.id;
}

/** The id of the message that the next one follows. */
export function leafOf(thread: Thread): Id | null {
  return thread.messages.findLast((message) => message.delivery === undefined)?.id ?? null;
}

// The messages that follow `parent`, wherever that is: another branch, when what comes next follows it too.
function after(messages: readonly ShownMessage[], parent: Id | null): number {
  if (parent === null) return messages[0]?.parent === null ? 0 : messages.length;
  const index = messages.findIndex((message) => message.id === parent);
  return index < 0 ? messages.length : index + 1;
}

// Makes room after `parent`: what followed it leaves the screen, and stays in the session as a sibling.
export function cut(thread: Thread, parent: Id | null): Thread {
  const at = after(thread.messages, parent);
  const displaced = thread.messages[at];
  if (displaced === undefined || displaced.delivery !== undefined) return thread;
  const unsent = thread.messages.slice(at).filter((message) => message.delivery !== undefined);
  return { ...thread, messages: [...thread.messages.slice(0, at), ...unsent], siblings: withSibling(thread.siblings, displaced) };
}

// Puts a message where its parent is.
function place(thread: Thread, message: Message): Thread {
  const { messages, siblings } = thread;
  const known = messages.findIndex((other) => keyOf(other) === keyOf(message) || other.id === message.id);
  const beside = siblings[message.parent ?? ""] === undefined ? siblings : withSibling(siblings, message);
  if (known >= 0) return { ...thread, messages: messages.with(known, message), siblings: beside };
  const room = cut(thread, message.parent);
  const at = after(room.messages, message.parent);
  const grown = room.siblings === siblings ? beside : withSibling(room.siblings, message);
  return { ...room, messages: [...room.messages.slice(0, at), message, ...room.messages.slice(at)], siblings: grown };
}

export function revive(message: Message): LiveAnswer | null {
  const generation = message.generation;
  if (generation === null || isFinal(generation.status)) return null;
  return { ...newAnswer(generation.id, message.id), parts: message.parts, provisional: true };
}

/** The newest page, from storage. Older pages on the screen stay when they connect with it. */
export function loadNewest(
  thread: Thread, page: readonly Message[], previous: Id | null, siblings: Readonly<Record<Id, readonly Id[]>> = {},
  beside: readonly Message[] = [],
): Thread {
  const first = page[0];
  const joint = thread.messages.findIndex((message) => message.id === first?.id);
  const older = joint > 0 ? thread.messages.slice(0, joint) : [];
  const stored = new Set(page.map(keyOf));
  const unsent = thread.messages.filter((message) => message.delivery !== undefined && !stored.has(keyOf(message)));
  // Not always the last message: a transition may have come after the answer that is being written.
  const revived = page.reduce<LiveAnswer | null>((found, message) => revive(message) ?? found, null);
  const live = thread.live !== null && thread.live.generation === revived?.generation ? thread.live : revived;
  return {
    ...thread,
    phase: "ready",
    messages: [...older, ...page, ...unsent],
    previous: older.length > 0 ? thread.previous : previous,
    siblings: withPage(thread.siblings, page, siblings),
    beside,
    live,
  };
}

export function loadOlder(
  thread: Thread, page: readonly Message[], previous: Id | null, siblings: Readonly<Record<Id, readonly Id[]>> = {},
): Thread {
  const shown = new Set(thread.messages.map((message) => message.id));
  const fresh = page.filter((message) => !shown.has(message.id));
  return { ...thread, messages: [...fresh, ...thread.messages], previous, siblings: withPage(thread.siblings, page, siblings) };
}

/** What is kept of a thread that is left: its newest `most` messages; those before them are read again. */
export function putAway(thread: Thread, most: number): Thread {
  // The frames that it misses from now on are read again from their beginning.
  const left = { ...thread, live: null, awaiting: null };
  const messages = thread.messages.slice(-most);
  return messages.length === thread.messages.length ? left : { ...left, messages, previous: messages[0]?.id ?? null };
}

/** Shows the reader's own message at once; `command` is the id of the send command. After another message than the leaf it is an edit. */
export function addUnsent(
  thread: Thread, command: Id, text: string, now: string, parent: Id | null = leafOf(thread), files: readonly FilePart[] = [],
): Thread {
  const message: ShownMessage = {
    id: command,
    client_id: command,
    parent,
    role: "user",
    parts: [...files, { type: "text", text }],
    created_at: now,
    generation: null,
    delivery: "sending",
  };
  const room = cut(thread, parent);
  const others = room.messages.filter((other) => other.id !== command);
  return { ...room, phase: "ready", messages: [...others, message], awaiting: command };
}

export function removeMessage(thread: Thread, id: Id): Thread {
  return { ...thread, messages: thread.messages.filter((message) => message.id !== id) };
}

/** The ack of `send` and `regenerate`. Frames of the generation may have come before it. */
export function accept(thread: Thread, command: Id, result: AckResult): Thread {
  const { message, answer, generation } = result;
  const awaiting = thread.awaiting === command ? null : thread.awaiting;
  const asked = { ...(message === undefined ? thread : place(thread, message)), awaiting };
  if (answer === undefined || generation == null) return asked;
  const shown = asked.messages.find(({ id }) => id === answer.id);
  const ended = isFinal((shown ?? answer).generation?.status ?? "pending");
  const placed = shown === undefined || !ended ? place(asked, answer) : asked;
  const begun = { ...newAnswer(generation, answer.id), parts: answer.parts, provisional: answer.parts.length > 0 };
  const live = thread.live?.generation === generation ? thread.live : begun;
  return { ...placed, live: ended ? null : live };
}

/** The error of `send`, `regenerate` or `create`: the message stays, with the first thing that was wrong. */
export function refuse(thread: Thread, command: Id, problem: Problem): Thread {
  const messages = thread.messages.map((message) =>
    message.id === command && message.delivery === "sending" ? { ...message, delivery: "refused" as const, problem } : message,
  );
  return { ...thread, messages, awaiting: thread.awaiting === command ? null : thread.awaiting };
}

/** The click on Stop: nothing is added to what is on the screen. */
export function freeze(thread: Thread): Thread {
  return thread.live === null ? thread : { ...thread, live: { ...thread.live, frozen: true } };
}

/** The stop was refused: take up the answer again, from its first frame. */
export function thaw(thread: Thread): Thread {
  const live = thread.live;
  if (live === null) return thread;
  return { ...thread, live: { ...newAnswer(live.generation, live.message), parts: live.parts, provisional: true } };
}

function end(thread: Thread, live: LiveAnswer, outcome: Outcome): Thread {
  const messages = thread.messages.map((message) => (message.id === live.message ? settle(message, live, outcome) : message));
  return { ...thread, messages, live: null };
}

// A generation that another tab began: its first frame says which message it writes.
function begin(thread: Thread, frame: PartsFrame): Applied {
  const ended = thread.messages.find((message) => message.generation?.id === frame.generation);
  if (ended !== undefined && isFinal(ended.generation?.status ?? "pending")) return done(thread);
  const start = frame.parts.find((part) => part.type === "start");
  if (frame.after !== 0 || start === undefined) return missing(thread);
  const shown = thread.messages.some((message) => message.id === start.messageId);
  const message: Message = {
    id: start.messageId,
    client_id: null,
    parent: leafOf(thread),
    role: "assistant",
    parts: [],
    created_at: thread.messages.at(-1)?.created_at ?? "",
    generation: {
      id: frame.generation, status: "streaming", model: null, agent: null, error: null, finish_reason: null, metadata: {},
      feedback: null,
    },
  };
  const messages = shown ? thread.messages : [...thread.messages, message];
  return applyParts({ ...thread, messages, live: newAnswer(frame.generation, start.messageId) }, frame);
}

/** News of a generation. A frame that was applied already is dropped; one that leaves a gap is refused. */
export function applyParts(thread: Thread, frame: PartsFrame): Applied {
  const live = thread.live;
  if (live?.generation !== frame.generation) return begin(thread, frame);
  if (frame.seq <= live.seq) return done(thread);
  if (frame.after !== live.seq) return missing(thread);
  const base = live.provisional ? { ...newAnswer(live.generation, live.message), frozen: live.frozen } : live;
  const next = { ...frame.parts.reduce(applyPart, base), seq: frame.seq };
  if (next.outcome !== null) return done(end(thread, next, next.outcome));
  return done({ ...thread, live: next });
}

/** Replaces what is shown of a message; never appends to it. */
export function applySnapshot(thread: Thread, frame: SnapshotFrame): Thread {
  const { message, generation, seq } = frame;
  const known = thread.messages.find((other) => other.id === message.id);
  const live = thread.live?.generation === generation ? thread.live : null;
  // After a click on Stop the text stands still, whatever was on its way.
  const shown = live?.frozen === true ? { ...message, parts: live.parts } : message;
  const placed = place(thread, known === undefined ? message : { ...shown, client_id: known.client_id });
  if (message.generation === null || isFinal(message.generation.status)) {
    const other = thread.live?.generation === generation ? null : thread.live;
    return { ...placed, live: other };
  }
  const answer = answerFromSnapshot(generation, seq, shown);
  return { ...placed, live: { ...answer, frozen: live?.frozen ?? false } };
}

/** A message from another tab, a transition, or our own on its way round. */
export function applyMessage(thread: Thread, message: Message): Applied {
  const known = message.parent === null || thread.messages.some((other) => other.id === message.parent);
  const shown = thread.messages.some((other) => keyOf(other) === keyOf(message));
  if (!known && !shown) return missing(thread);
  const live = thread.live?.message === message.id ? thread.live : null;
  if (live !== null) return done(thread);
  const placed = place(thread, message);
  return done(thread.live === null ? { ...placed, live: revive(message) } : placed);
}

/** The ack of `subscribe`: another one than ours runs, or none. The frames or the snapshot that follow say how ours ended. */
export function applyRunning(thread: Thread, running: Id | null): Thread {
  const live = thread.live;
  if (live === null || live.generation === running) return thread;
  return { ...thread, live: { ...live, adrift: true } };
}

/** What those that stand side by side have in common. */
export const groupOf = ({ generation }: Message): Id | null => generation?.beside ?? generation?.id ?? null;

/** The answers at the side of the last one; none once something follows it, or another one, which stands alone, is in its place. */
export function besideLast({ messages, beside, awaiting }: Thread): readonly Message[] {
  const last = messages.findLast(({ role }) => role !== "transition");
  const parent = last?.role === "user" ? awaiting && last.id : last?.generation && last.parent;
  return beside.filter((message) => message.parent === parent && (last?.role === "user" || groupOf(message) === groupOf(last as Message)));
}

/** Whether an answer is being written, or will be as soon as the server has heard of it. */
export function isBusy(thread: Thread): boolean {
  return thread.awaiting !== null || (thread.live !== null && !thread.live.adrift) || besideLast(thread).some((message) => revive(message) !== null);
}

/** What to subscribe with: the running generation and the last frame of it that was applied. */
export function position(thread: Thread): { generation: Id | null; after: number | null } {
  return { generation: thread.live?.generation ?? null, after: thread.live?.seq ?? null };
}
