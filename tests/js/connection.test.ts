import assert from "node:assert/strict";
import { test } from "node:test";

import { backOff, type Connection, type ConnectionEvent, type Effect, START, step } from "../../static/src/core/connection.ts";

const LIVE: Connection = { phase: "live", attempt: 0, pinging: false };

function run(from: Connection, ...events: ConnectionEvent[]): { connection: Connection; effects: Effect[] } {
  let connection = from;
  const effects: Effect[] = [];
  for (const event of events) {
    const next = step(connection, event, 0);
    connection = next.connection;
    effects.push(...next.effects);
  }
  return { connection, effects };
}

const lost = (code = 1006): ConnectionEvent => ({ type: "closed", code });
const kinds = (effects: readonly Effect[]): string[] => effects.map(({ type }) => type);

test("it opens a socket and is live after the welcome", () => {
  const { connection, effects } = run(START, { type: "start" }, { type: "opened" });
  assert.equal(connection.phase, "live");
  assert.deepEqual(kinds(effects), ["open"]);
});

for (const code of [1001, 1005, 1006, 1007, 1009, 1011, 1012]) {
  test(`a close with ${code} waits and tries again`, () => {
    const { connection, effects } = run(LIVE, lost(code), { type: "due" });
    assert.equal(connection.phase, "connecting");
    assert.deepEqual(kinds(effects), ["wait", "open"]);
  });
}

test("a socket that is somebody else's now is gone for good, and says why", () => {
  const { connection, effects } = run(LIVE, lost(4409), { type: "online" }, { type: "due" });
  assert.deepEqual(connection, { phase: "gone", another: true });
  assert.deepEqual(effects, []);
});

test("signed out is for good, whatever happens after it", () => {
  const events: ConnectionEvent[] = [{ type: "due" }, { type: "online" }, { type: "woken" }, { type: "start" }, lost()];
  const { connection, effects } = run(LIVE, lost(4401), ...events);
  assert.deepEqual(connection, { phase: "gone", another: false });
  assert.deepEqual(effects, []);
});

test("too many tabs: it says so, and waits a minute", () => {
  const { connection, effects } = run(LIVE, lost(4429));
  assert.deepEqual(connection, { phase: "waiting", attempt: 0, crowded: true });
  assert.deepEqual(effects, [{ type: "wait", delay: 60_000 }]);
  assert.equal(run(connection, { type: "woken" }).connection.phase, "connecting");
});

test("the waits double, up to half a minute", () => {
  const waits: number[] = [];
  let connection: Connection = START;
  for (let attempt = 0; attempt < 9; attempt += 1) {
    const { connection: next, effects } = run(connection, lost(), { type: "due" });
    connection = next;
    for (const effect of effects) if (effect.type === "wait") waits.push(effect.delay);
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test("the waits are spread over half of their length", () => {
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const [shortest, longest] = [backOff(attempt, 0), backOff(attempt, 0.999999)];
    assert.ok(longest < shortest * 2 + 1e-9 && longest > shortest * 1.9, `attempt ${attempt}`);
    assert.ok(longest <= 30_000);
  }
});

test("a welcome starts the waits from the beginning", () => {
  const { effects } = run(START, lost(), { type: "due" }, lost(), { type: "due" }, { type: "opened" }, lost());
  const waits = effects.filter((effect) => effect.type === "wait").map(({ delay }) => delay);
  assert.deepEqual(waits, [250, 500, 250]);
});

for (const type of ["online", "woken"] as const) {
  test(`${type}: a waiting page tries at once`, () => {
    const { connection, effects } = run(LIVE, lost(), { type });
    assert.equal(connection.phase, "connecting");
    assert.deepEqual(kinds(effects), ["wait", "open"]);
  });
}

for (const type of ["online", "offline", "woken", "quiet"] as const) {
  test(`${type}: a live socket is asked whether it lives, once`, () => {
    const { connection, effects } = run(LIVE, { type }, { type });
    assert.deepEqual(connection, { ...LIVE, pinging: true });
    assert.deepEqual(kinds(effects), ["ping"]);
  });
}

test("any frame is an answer", () => {
  assert.deepEqual(run(LIVE, { type: "quiet" }, { type: "heard" }), { connection: LIVE, effects: [{ type: "ping" }] });
});

test("no answer: the socket is let go of, and another one comes", () => {
  const { connection, effects } = run(LIVE, { type: "quiet" }, { type: "overdue" }, { type: "due" });
  assert.equal(connection.phase, "connecting");
  assert.deepEqual(kinds(effects), ["ping", "close", "wait", "open"]);
});

test("an answer that was late does not close the socket", () => {
  assert.deepEqual(run(LIVE, { type: "quiet" }, { type: "heard" }, { type: "overdue" }).connection, LIVE);
});

test("it waits once for one loss", () => {
  assert.deepEqual(kinds(run(LIVE, lost(), lost(), lost()).effects), ["wait"]);
});

test("no event leads anywhere that has no way on", () => {
  const events: ConnectionEvent[] = [
    { type: "start" }, { type: "opened" }, lost(), { type: "due" }, { type: "online" }, { type: "offline" }, { type: "woken" },
    { type: "quiet" }, { type: "heard" }, { type: "overdue" },
  ];
  const states: Connection[] = [START, LIVE, { ...LIVE, pinging: true }, { phase: "waiting", attempt: 3, crowded: false }];
  for (const state of states) {
    for (const event of events) {
      const { connection, effects } = step(state, event, 0.5);
      // A page that starts to wait must have been told when to stop, and one that connects must have a socket.
      if (connection.phase === "waiting" && state.phase !== "waiting") assert.ok(kinds(effects).includes("wait"));
      if (connection.phase === "connecting" && state.phase !== "connecting") assert.ok(kinds(effects).includes("open"));
    }
  }
});
