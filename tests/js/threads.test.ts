import assert from "node:assert/strict";
import { test } from "node:test";

import { departure, origin, startThreads, threads } from "../../static/src/app/threads.ts";
import { openSession, sessions, thread } from "../../static/src/app/store.ts";
import { departureOf, threadsIn } from "../../static/src/core/threads.ts";
import { loadNewest, newThread } from "../../static/src/core/thread.ts";
import { answer, generation, session, SESSION, userMessage } from "./frames.ts";

const at = (minute: number): string => `2026-11-23T09:${minute}:00.000000Z`;
const aside = (id: string, minute = 40, message = "a-1") => session({ id, forked_from: message, created_at: at(minute), title: id });
const NONE = new Map();

test("threads stand at the message that they depart from, the newest first", () => {
  const found = threadsIn([aside("s-1"), session(), aside("s-3", 50), aside("s-2", 45), aside("s-4", 40, "a-9")], NONE);
  assert.deepEqual([...found].map(([message, some]) => [message, some.map(({ id }) => id)]), [["a-1", ["s-3", "s-2", "s-1"]], ["a-9", ["s-4"]]]);
});

test("temporary ones and chats of a server that knows no threads are none", () => {
  const { forked_from: _, ...older } = session();
  assert.equal(threadsIn([older, { ...aside("s-1"), temporary: true }], NONE).size, 0);
});

test("while only other chats change, they stay the very same", () => {
  const known = aside("s-1");
  const before = threadsIn([session(), known], NONE);
  assert.equal(threadsIn([session({ title: "Another" }), known], before), before);
  assert.notEqual(threadsIn([session(), { ...known, title: "Renamed" }], before), before);
  assert.equal(threadsIn([session()], before).size, 0);
});

test("a thread departs at the last message that is older than itself", () => {
  const messages = [
    userMessage({ created_at: at(30) }), answer({ created_at: at(31) }), userMessage({ id: "t-1", role: "transition", created_at: at(32) }),
    userMessage({ id: "u-2", created_at: at(41) }),
  ];
  assert.equal(departureOf(aside("s-1"), messages), "a-1");
  assert.equal(departureOf(aside("s-1"), messages.slice(3)), null);
  assert.equal(departureOf(session({ created_at: at(40) }), messages), null);
});

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("where a thread came from is asked once, and follows renames and deletions of it", async () => {
  const asked: string[] = [];
  let answered: unknown = { origin: { session: session({ id: "s-origin", title: "Monads" }), message: "a-1" } };
  globalThis.fetch = (async (path: string) => {
    asked.push(path);
    return Response.json(answered);
  }) as typeof fetch;
  startThreads();
  sessions.value = [session(), aside("s-1"), aside("s-2", 45)];
  openSession.value = SESSION;
  thread.value = loadNewest(newThread(SESSION), [userMessage(), answer({ generation: generation({ status: "completed" }) })], null);
  await settled();
  assert.deepEqual(asked, []);
  assert.deepEqual(threads.value.get("a-1")?.map(({ id }) => id), ["s-2", "s-1"]);
  assert.equal(departure.value, null);

  openSession.value = "s-1";
  await settled();
  assert.deepEqual(asked, ["/api/sessions/s-1/origin"]);
  assert.equal(departure.value, "a-1");
  assert.deepEqual([origin.value?.session.title, origin.value?.message], ["Monads", "a-1"]);
  sessions.value = sessions.value.map((one) => (one.id === "s-origin" ? { ...one, title: "Renamed" } : one));
  await settled();
  assert.equal(origin.value?.session.title, "Renamed");
  assert.equal(asked.length, 1);
  sessions.value = sessions.value.filter(({ id }) => id !== "s-origin");
  assert.equal(origin.value, null);

  answered = { origin: null };
  openSession.value = "s-2";
  await settled();
  assert.equal(asked.length, 2);
  assert.equal(origin.value, null);
});

test("an answer that comes late takes the way back of the thread that is open from nobody", async () => {
  const late: (() => void)[] = [];
  globalThis.fetch = (async (path: string) => {
    const message = path.includes("s-1") ? "a-1" : "a-2";
    if (message === "a-1") await new Promise<void>((resolve) => late.push(resolve));
    return Response.json({ origin: { session: session({ id: "s-origin" }), message } });
  }) as typeof fetch;
  sessions.value = [aside("s-1"), aside("s-2", 45)];
  openSession.value = "s-1";
  openSession.value = "s-2";
  await settled();
  late.forEach((answer) => answer());
  await settled();
  assert.equal(origin.value?.message, "a-2");
});
