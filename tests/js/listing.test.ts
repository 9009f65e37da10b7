import assert from "node:assert/strict";
import { test } from "node:test";

import { moreSessions } from "../../static/src/app/listing.ts";
import { nextSessions, sessions } from "../../static/src/app/store.ts";

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
