// Commands on their way to the server: kept until they are answered, sent again after a lost connection.

import { effect } from "@preact/signals";
import type { TextStore } from "../core/bySession.ts";
import { type Command, join, lasting, type Outbox, put, restore, serialise, take } from "../core/outbox.ts";
import type { AckResult, ClientFrame, Id, Problem } from "../core/protocol.ts";
import { ownLocal, ownSession } from "../transport/own.ts";
import type { Link } from "./link.ts";
import { connection, outbox } from "./store.ts";

const KEY = "chat-studio.outbox";
/** What a tab had when it ended: the next one of the same person sends it. */
const LEFT = "chat-studio.unsent";

export type Answer = { ok: true; result: AckResult } | { ok: false; problem: Problem };

let link: Link | null = null;
const waiting = new Map<Id, (answer: Answer) => void>();

function keep(store: TextStore, key: string, commands: Outbox): void {
  try {
    if (commands.length === 0) store.removeItem(key);
    else store.setItem(key, serialise(commands));
  } catch {
    // A full store costs what a reload would have saved, nothing else.
  }
}

// Beside what another tab has left: both are sent, and where a tab that comes back sends its own again, the server does it once.
function leave(): void {
  keep(ownLocal, LEFT, lasting(join(restore(ownLocal.getItem(LEFT)), outbox.peek())));
}

/** Takes up the commands that a reload has interrupted, and the messages that another tab has left. */
export function useLink(made: Link): void {
  link = made;
  outbox.value = join(restore(ownLocal.getItem(LEFT)), restore(ownSession.getItem(KEY)));
  keep(ownLocal, LEFT, []);
  effect(() => {
    keep(ownSession, KEY, outbox.value);
    // Who signs in again may do that in another tab.
    if (connection.value.phase === "gone") leave();
  });
  window.addEventListener("pagehide", leave);
}

/** Sends a frame now, or not at all. */
export function tell(frame: ClientFrame): void {
  if (connection.peek().phase === "live") link?.send(frame);
}

/** Sends a command as soon as there is a connection; its answer comes here, once. */
export function issue(command: Command): Promise<Answer> {
  outbox.value = put(outbox.peek(), command);
  tell(command);
  return new Promise((resolve) => waiting.set(command.id, resolve));
}

/** Takes a command back that has not been sent yet. */
export function withdraw(id: Id): void {
  outbox.value = take(outbox.peek(), id);
  waiting.delete(id);
}

/** The connection is live: everything without an answer goes out again, in order. */
export function flush(): void {
  for (const command of outbox.peek()) tell(command);
}

/** Hands an answer to whoever waits for it. */
export function settle(id: Id, answer: Answer): void {
  outbox.value = take(outbox.peek(), id);
  waiting.get(id)?.(answer);
  waiting.delete(id);
}
