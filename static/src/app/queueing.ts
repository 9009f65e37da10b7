// Messages that were written while an answer was, sent one after the other when it has ended. They outlive a reload.

import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { type Id, newId } from "../core/protocol.ts";
import { dequeue, enqueue, NOTHING_QUEUED, type Queue, restoreQueue, stateOf, toFront } from "../core/queue.ts";
import { ownLocal } from "../transport/own.ts";
import { takeFiles } from "./attaching.ts";
import { connection, openSession, queue, queued, thread } from "./store.ts";
import { sendAs, stop } from "./writing.ts";

const KEY = "chat-studio.queue";
/** A message that does not wait for an answer to end well, since its writer has stopped that one for it. */
const pressing = signal<Id | null>(null);

export const queueState = computed(() => (thread.value === null ? "waits" : stateOf(thread.value)));

function keep(changed: Queue): void {
  queue.value = changed;
  try {
    if (changed === NOTHING_QUEUED || Object.keys(changed).length === 0) ownLocal.removeItem(KEY);
    else ownLocal.setItem(KEY, JSON.stringify(changed));
  } catch {
    // A full store costs what a reload would have kept, nothing else.
  }
}

/** Whether it waits now. */
export function enqueueMessage(text: string, files = takeFiles()): boolean {
  const session = openSession.peek();
  if (session === null) return false;
  keep(enqueue(queue.peek(), session, { id: newId("c"), text, files }));
  return true;
}

/** Takes a message out of the queue. */
export function unqueue(id: Id): void {
  const session = openSession.peek();
  if (session !== null) keep(dequeue(queue.peek(), session, id));
}

/** Sends the first of the queue now, whatever became of the last answer. */
export function sendNext(): void {
  const session = openSession.peek();
  const next = queued.peek()[0];
  if (session === null || next === undefined) return;
  batch(() => {
    unqueue(next.id);
    sendAs(next.id, session, next.text, next.files);
  });
}

/** Stops the answer, which keeps what it has said, and sends this one as soon as it has ended. */
export function sendInstead(id: Id): void {
  const session = openSession.peek();
  if (session === null) return;
  batch(() => {
    keep(toFront(queue.peek(), session, id));
    pressing.value = id;
  });
  stop();
}

export function startQueue(): void {
  queue.value = restoreQueue(ownLocal.getItem(KEY));
  window.addEventListener("storage", () => { queue.value = restoreQueue(ownLocal.getItem(KEY)); });
  effect(() => {
    const next = queued.value[0];
    if (next === undefined || connection.value.phase !== "live") return;
    if (queueState.value === "sends" || (queueState.value === "held" && next.id === pressing.value)) untracked(sendNext);
  });
}
