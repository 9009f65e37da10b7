// Commands on their way to the server: kept until they are answered, sent again after a lost connection.

import { type Command, put, restore, serialise, take } from "../core/outbox.ts";
import type { AckResult, ClientFrame, Id, Problem } from "../core/protocol.ts";
import type { Link } from "./link.ts";
import { connection, outbox } from "./store.ts";

const KEY = "chat-studio.outbox";

export type Answer = { ok: true; result: AckResult } | { ok: false; problem: Problem };

let link: Link | null = null;
const waiting = new Map<Id, (answer: Answer) => void>();

/** Takes up the commands that a reload has interrupted. Per tab: two tabs don't send each other's. */
export function useLink(made: Link): void {
  link = made;
  outbox.value = restore(sessionStorage.getItem(KEY));
  outbox.subscribe((commands) => {
    try {
      if (commands.length === 0) sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, serialise(commands));
    } catch {
      // A full store costs what a reload would have saved, nothing else.
    }
  });
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
