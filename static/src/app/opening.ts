// Opening a session: its newest messages from storage, then the frames that follow.

import { batch } from "@preact/signals";
import { waitingFor } from "../core/outbox.ts";
import { newId, type Id } from "../core/protocol.ts";
import { addUnsent, leafOf, loadNewest, loadOlder, newThread, position, putAway, type Thread } from "../core/thread.ts";
import { getMessages, RequestFailed } from "../transport/rest.ts";
import { tell } from "./commands.ts";
import { readMissing, takeSession } from "./listing.ts";
import { side } from "./side.ts";
import { openSession, outbox, thread } from "./store.ts";

const MOST_KEPT = 10;
/** All of what was read in a long chat would be drawn at once when it is opened again, at its end. */
const MESSAGES_KEPT = 100;

/** Threads that were on the screen before: shown at once when they are opened again, then brought up to date. */
const kept = new Map<Id, Thread>();

let subscribing: Id | null = null;

/** Changes the open thread, unless the reader has gone elsewhere meanwhile. */
export function change(session: Id, reduce: (thread: Thread) => Thread): void {
  const current = thread.peek();
  if (current?.session === session) thread.value = reduce(current);
}

export function forget(session: Id): void {
  kept.delete(session);
}

function keep(): void {
  const current = thread.peek();
  if (current === null || current.phase !== "ready") return;
  kept.delete(current.session);
  kept.set(current.session, putAway(current, MESSAGES_KEPT));
  const oldest = kept.keys().next();
  if (kept.size > MOST_KEPT && oldest.done !== true) kept.delete(oldest.value);
}

/** Leaves the session on the screen. What is being written there goes on on the server. */
export function leave(): void {
  const current = openSession.peek();
  if (current === null) return;
  tell({ type: "unsubscribe", id: newId("c"), session: current });
  subscribing = null;
  keep();
  batch(() => {
    openSession.value = null;
    thread.value = null;
  });
}

/** Shows a session and follows it. */
export function open(session: Id): void {
  if (openSession.peek() === session) return;
  leave();
  batch(() => {
    openSession.value = session;
    thread.value = kept.get(session) ?? newThread(session);
  });
  void load(session);
}

/** Begins a session that the server does not know yet: there is nothing to load. */
export function openNew(session: Id): void {
  leave();
  batch(() => {
    openSession.value = session;
    thread.value = { ...newThread(session), phase: "ready" };
  });
}

// Messages that a reload caught on their way are shown again; the server does each once.
function withUnsent(current: Thread): Thread {
  return waitingFor(outbox.peek(), current.session).reduce((shown, command) => {
    if (command.type !== "send" || shown.messages.some(({ client_id }) => client_id === command.id)) return shown;
    return addUnsent(shown, command.id, command.text, new Date().toISOString(), command.parent);
  }, current);
}

function failed(session: Id, error: unknown): void {
  if (!(error instanceof RequestFailed)) throw error;
  const creating = waitingFor(outbox.peek(), session).length > 0;
  change(session, (current) => {
    if (creating) return withUnsent({ ...current, phase: "ready" });
    if (error.status === 404) return { ...current, phase: "missing" };
    return current.messages.length > 0 ? current : { ...current, phase: "failed" };
  });
}

/** Reads the newest page and follows what comes after it. */
export async function load(session: Id): Promise<void> {
  try {
    const page = await getMessages(session, null);
    change(session, (current) => withUnsent(loadNewest(current, page.messages, page.previous, page.siblings, page.beside)));
    takeSession(...(page.threads ?? []));
    follow(session);
    await readMissing(session);
  } catch (error) {
    failed(session, error);
  }
}

/** Reads the page before the oldest message on the screen. */
export async function loadBefore(): Promise<void> {
  const current = thread.peek();
  if (current?.previous == null) return;
  const { session, previous } = current;
  try {
    const page = await getMessages(session, previous);
    change(session, (now) => (now.previous === previous ? loadOlder(now, page.messages, page.previous, page.siblings) : now));
    takeSession(...(page.threads ?? []));
  } catch (error) {
    // While the reader stays at the beginning, it is asked for again.
    if (!(error instanceof RequestFailed)) throw error;
  }
}

/** Subscribes from the last frame that was applied. One at a time: frames with a gap come in numbers. */
export function follow(session: Id): void {
  const current = thread.peek();
  if (current?.session !== session || subscribing !== null) return;
  subscribing = newId("c");
  tell({ type: "subscribe", id: subscribing, session, ...position(current), ...side.position() });
}

/** The connection is new: nothing is followed yet. */
export function followAgain(): void {
  subscribing = null;
  const current = thread.peek();
  if (current === null) return;
  if (current.phase === "ready") follow(current.session);
  else if (current.phase !== "missing") void load(current.session);
}

/** Whether `id` is the subscription that is under way; it is not any more. */
export function isSubscription(id: Id): boolean {
  if (subscribing !== id) return false;
  subscribing = null;
  return true;
}

/** Whether the page shows the end of the branch. */
export function isCurrent(current: Thread, leaf: Id | null): boolean {
  return leaf === null || current.awaiting !== null || leafOf(current) === leaf;
}
