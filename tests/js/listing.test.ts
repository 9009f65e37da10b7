import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { moreSessions, readMissing, refreshSessions, rename, takeSession } from "../../static/src/app/listing.ts";
import { archive, change } from "../../static/src/app/organising.ts";
import { renew } from "../../static/src/app/renewing.ts";
import { connection, nextSessions, notice, sessions } from "../../static/src/app/store.ts";
import type { Session } from "../../static/src/core/protocol.ts";
import { problem, session } from "./frames.ts";

function answering(answer: () => Promise<unknown>): void {
  globalThis.fetch = (async () => Response.json(await answer())) as typeof fetch;
}

test("the cursor stays while a page is read, and when it can't be: what watches it begins anew at each change", async () => {
  const seen: (string | null)[] = [];
  nextSessions.value = "c-1";
  const end = nextSessions.subscribe((cursor) => { seen.push(cursor); });
  answering(() => Promise.reject(new Error("offline")));
  await moreSessions();
  assert.deepEqual(seen, ["c-1"]);
  answering(async () => ({ sessions: [], pinned: [], next: "c-2" }));
  await moreSessions();
  assert.deepEqual(seen, ["c-1", "c-2"]);
  end();
});

test("a page that comes after the list was read anew is left out", async () => {
  nextSessions.value = "c-1";
  answering(async () => {
    nextSessions.value = "c-9";
    return { sessions: [{ id: "s-1" }], pinned: [], next: null };
  });
  await moreSessions();
  assert.equal(nextSessions.peek(), "c-9");
  assert.deepEqual(sessions.peek(), []);
});

const chat = (id: string, minute: number, changes: Partial<Session> = {}): Session =>
  session({ id, updated_at: `2026-11-23T09:${minute}:00.000000Z`, ...changes });

const ids = (): string[] => sessions.peek().map(({ id }) => id);

test("what comes, changes or goes while the newest page is on its way is newer than the page", async () => {
  const [older, same, gone, running] = [chat("older", 10), chat("same", 30), chat("gone", 31), chat("running", 32, { generation: "g-1" })];
  sessions.value = [running, gone, same, older];
  answering(async () => {
    sessions.value = [chat("new", 40), { ...running, generation: null }, same, older];
    return { sessions: [running, gone, { ...same, title: "Told" }, chat("other", 20)], pinned: [], next: "c-1" };
  });
  assert.equal(await refreshSessions(), true);
  assert.deepEqual(ids(), ["new", "running", "same", "other", "older"]);
  assert.deepEqual(sessions.peek().map(({ generation, title }) => generation ?? title), ["", "", "Told", "", ""]);
});

test("what the newest page does not have any more is gone, unless it says nothing of it", async () => {
  sessions.value = [chat("deleted", 30), chat("filed", 29, { folder: "f-1" }), chat("older", 10)];
  answering(async () => ({ sessions: [chat("kept", 20)], pinned: [], next: "c-1" }));
  await refreshSessions();
  assert.deepEqual(ids(), ["filed", "kept", "older"]);
  answering(async () => ({ sessions: [], pinned: [], next: null }));
  await refreshSessions();
  assert.deepEqual(ids(), ["filed"]);
});

test("a chat that is opened by its address joins the list, whichever of the two is read first", async () => {
  sessions.value = [];
  answering(async () => {
    sessions.value = [chat("b", 30), chat("a", 20)];
    return chat("opened", 10);
  });
  await readMissing("opened");
  assert.deepEqual(ids(), ["b", "a", "opened"]);
});

test("what the server says of a chat that the page has begun counts, also where this machine's clock goes before", async () => {
  const here = session({ id: "s", created_at: "2026-11-23T12:00:00.000Z", updated_at: "2026-11-23T12:00:00.000Z" });
  sessions.value = [here];
  takeSession(session({ id: "s", title: "Told" }));
  assert.equal(sessions.peek()[0]?.title, "Told");
});

test("a change that is refused takes back what it changed, and nothing that was heard meanwhile", async () => {
  Object.assign(globalThis, { document: { cookie: "" } });
  const before = chat("a", 10, { title: "Old", generation: "g-1" });
  for (const attempt of [() => rename("a", "New"), () => change(["a"], { archived: true }), () => archive(["a"])]) {
    sessions.value = [{ ...before, pinned: true }];
    globalThis.fetch = async () => {
      const shown = sessions.peek()[0];
      sessions.value = [{ ...shown, generation: null, unread: true } as Session];
      return Response.json({ error: problem() }, { status: 503 });
    };
    await attempt();
    const [after] = sessions.peek();
    assert.deepEqual(
      [after?.title, after?.archived, after?.pinned, after?.generation, after?.unread],
      ["Old", false, true, null, true],
    );
    assert.equal(notice.peek()?.problem?.code, problem().code);
  }
});

test("of two pages that are asked for at once, the one asked for later is the newer one", async () => {
  sessions.value = [];
  const pages = [[chat("a", 30, { title: "Before" })], [chat("a", 30, { title: "After" })]];
  answering(async () => ({ sessions: pages.shift(), pinned: [], next: null }));
  await Promise.all([refreshSessions(), refreshSessions()]);
  assert.equal(sessions.peek()[0]?.title, "After");
});

test("a request that hangs, as after a sleep of the machine, holds up no later one, and says nothing any more when it comes", async () => {
  sessions.value = [];
  let wake = (): void => undefined;
  answering(async () => {
    await new Promise<void>((resolve) => { wake = resolve; });
    return { sessions: [chat("old", 10)], pinned: [], next: null };
  });
  const hanging = refreshSessions();
  answering(async () => ({ sessions: [chat("new", 20)], pinned: [], next: null }));
  assert.equal(await refreshSessions(), true);
  assert.deepEqual(ids(), ["new"]);
  wake();
  assert.equal(await hanging, true);
  assert.deepEqual(ids(), ["new"]);
});

test("what can't be read is read again while the connection lasts, and nothing else is", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  connection.value = { phase: "live", attempt: 0, pinging: false };
  const asked: string[] = [];
  const answers = [false, false, true];
  let wake = (_: boolean): void => undefined;
  const hanging = new Promise<boolean>((resolve) => { wake = resolve; });
  const renewed = renew([
    async () => asked.push("well") > 0,
    async () => asked.push("ill") > 0 && answers.shift() === true,
    () => hanging,
  ]);
  for (let pause = 0; pause < 5; pause += 1) {
    await new Promise((resolve) => { setImmediate(resolve); });
    mock.timers.tick(60_000);
  }
  assert.deepEqual(asked, ["well", "ill", "ill", "ill"]);
  wake(true);
  await renewed;

  const given = renew([async () => asked.push("away") < 0]);
  await new Promise((resolve) => { setImmediate(resolve); });
  connection.value = { phase: "waiting", attempt: 1, crowded: false };
  mock.timers.tick(60_000);
  await given;
  assert.equal(asked.filter((one) => one === "away").length, 1);
  mock.timers.reset();
});
