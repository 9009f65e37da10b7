// The life of the one socket, as a machine without a clock: events in, effects out.
//
//     connecting ── opened ──▶ live ── closed ──▶ waiting ── due, online, woken ──▶ connecting
//                                └── closed with 4401: signed out, 4409: another person ──▶ gone

export type Connection =
  | { phase: "connecting"; attempt: number }
  | { phase: "live"; attempt: 0; pinging: boolean }
  /** `crowded`: the person has too many tabs open. */
  | { phase: "waiting"; attempt: number; crowded: boolean }
  /** `another`: somebody else is signed in with this browser now. */
  | { phase: "gone"; another: boolean };

export type ConnectionEvent =
  | { type: "start" }
  | { type: "opened" }
  | { type: "closed"; code: number }
  /** The back-off is over. */
  | { type: "due" }
  | { type: "online" }
  /** The machine lost its network; a loopback or a second network may still carry the socket. */
  | { type: "offline" }
  /** The tab is looked at again, or the machine woke. */
  | { type: "woken" }
  /** Nothing was heard for a while. */
  | { type: "quiet" }
  | { type: "heard" }
  /** The answer to a ping did not come. */
  | { type: "overdue" };

export type Effect =
  | { type: "open" }
  | { type: "close" }
  | { type: "ping" }
  /** Send `due` after `delay` milliseconds. */
  | { type: "wait"; delay: number };

export interface Step {
  connection: Connection;
  effects: readonly Effect[];
}

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const CROWDED_DELAY = 60_000;

const SIGNED_OUT = 4401;
const ANOTHER = 4409;
const TOO_MANY = 4429;

/** Back-off in milliseconds; `random` in [0, 1) spreads clients that lost the same server over half of it. */
export function backOff(attempt: number, random: number): number {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt) * (0.5 + random / 2);
}

const stay = (connection: Connection): Step => ({ connection, effects: [] });

function open(attempt: number): Step {
  return { connection: { phase: "connecting", attempt }, effects: [{ type: "open" }] };
}

function lost(attempt: number, random: number): Step {
  const delay = backOff(attempt, random);
  return { connection: { phase: "waiting", attempt: attempt + 1, crowded: false }, effects: [{ type: "wait", delay }] };
}

function closed(connection: Connection, code: number, random: number): Step {
  if (connection.phase === "waiting" || connection.phase === "gone") return stay(connection);
  if (code === SIGNED_OUT || code === ANOTHER) return stay({ phase: "gone", another: code === ANOTHER });
  if (code === TOO_MANY) {
    return { connection: { phase: "waiting", attempt: 0, crowded: true }, effects: [{ type: "wait", delay: CROWDED_DELAY }] };
  }
  return lost(connection.attempt, random);
}

function live(connection: Extract<Connection, { phase: "live" }>, event: ConnectionEvent, random: number): Step {
  switch (event.type) {
    // A socket that survived a sleep often is dead without knowing it: ask.
    case "quiet":
    case "woken":
    case "online":
    case "offline":
      return connection.pinging ? stay(connection) : { connection: { ...connection, pinging: true }, effects: [{ type: "ping" }] };
    case "heard":
      return connection.pinging ? stay({ ...connection, pinging: false }) : stay(connection);
    case "overdue": {
      if (!connection.pinging) return stay(connection);
      const step = lost(0, random);
      return { ...step, effects: [{ type: "close" }, ...step.effects] };
    }
    default:
      return stay(connection);
  }
}

/** One event. `random` in [0, 1) is used for the back-off only. */
export function step(connection: Connection, event: ConnectionEvent, random: number): Step {
  if (event.type === "closed") return closed(connection, event.code, random);
  switch (connection.phase) {
    case "connecting":
      if (event.type === "start") return open(connection.attempt);
      if (event.type === "opened") return stay({ phase: "live", attempt: 0, pinging: false });
      return stay(connection);
    case "live":
      return live(connection, event, random);
    case "waiting":
      if (event.type === "due") return open(connection.attempt);
      // The reason to wait may be over: try at once, and shorten the next wait.
      if (event.type === "online" || event.type === "woken") return open(0);
      return stay(connection);
    case "gone":
      return stay(connection);
  }
}

export const START: Connection = { phase: "connecting", attempt: 0 };
