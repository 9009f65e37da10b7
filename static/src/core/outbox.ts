// Commands that the server has not answered. After a lost connection they are sent again under the same id, which is safe:
// the server does each once.

import type { ClientFrame, Id } from "./protocol.ts";

/** Commands that change something. The others are made anew for each connection. */
export type Command = Exclude<ClientFrame, { type: "subscribe" | "unsubscribe" | "acknowledge" | "ping" }>;

export type Outbox = readonly Command[];

const KINDS: ReadonlySet<string> = new Set([
  "create", "send", "regenerate", "continue", "merge", "revise", "show", "fork", "rate", "stop", "switch",
] satisfies Command["type"][]);

export function put(outbox: Outbox, command: Command): Outbox {
  return outbox.some((other) => other.id === command.id) ? outbox : [...outbox, command];
}

export function find(outbox: Outbox, id: Id): Command | undefined {
  return outbox.find((command) => command.id === id);
}

/** The command was answered, by an ack or an error. */
export function take(outbox: Outbox, id: Id): Outbox {
  return outbox.some((command) => command.id === id) ? outbox.filter((command) => command.id !== id) : outbox;
}

/** Both, each command once. */
export function join(outbox: Outbox, more: Outbox): Outbox {
  return more.reduce(put, outbox);
}

const MOST_LEFT = 50;

/** What is sent also when the tab does not come back: messages, and the chats that they begin. A switch or a stop is for the moment. */
export function lasting(outbox: Outbox): Outbox {
  return outbox.filter(({ type }) => type === "create" || type === "send").slice(-MOST_LEFT);
}

/** The commands that wait for a session. */
export function waitingFor(outbox: Outbox, session: Id): Outbox {
  return outbox.filter((command) => "session" in command && command.session === session);
}

export function serialise(outbox: Outbox): string {
  return JSON.stringify(outbox);
}

/** Reads what `serialise` wrote before a reload; anything else is an empty outbox. */
export function restore(text: string | null): Outbox {
  if (text === null) return [];
  try {
    const commands: unknown = JSON.parse(text);
    return Array.isArray(commands) ? commands.filter(isCommand) : [];
  } catch {
    return [];
  }
}

function isCommand(value: unknown): value is Command {
  if (typeof value !== "object" || value === null) return false;
  const { id, type } = value as { id?: unknown; type?: unknown };
  return typeof id === "string" && typeof type === "string" && KINDS.has(type);
}
