import assert from "node:assert/strict";
import { test } from "node:test";

import { dropSession } from "../../static/src/app/listing.ts";
import { connection, notice, openSession, owner, sessions } from "../../static/src/app/store.ts";
import { hasJoined, leaveChat, startTogether } from "../../static/src/app/together.ts";
import type { Message } from "../../static/src/core/protocol.ts";
import { addUnsent, applyMessage, applyParts, loadNewest, newThread, type ShownMessage } from "../../static/src/core/thread.ts";
import { writerOf } from "../../static/src/core/together.ts";
import { answer, generation, newTab, parts, problem, session, SESSION, text, userMessage } from "./frames.ts";

const BOB = { id: "p-bob", name: "Bob" };
const ADA = { id: "p-ada", name: "Ada", email: "ada@example.com" };

test("a message is its reader's own, a guest's, or the owner's", () => {
  const byBob = userMessage({ author: BOB });
  const older: Message = userMessage();
  // For Ada, whose chat it is; then for Bob, her guest; then for another one.
  assert.deepEqual([byBob, older].map((one) => writerOf(one, "p-ada", null)), ["Bob", null]);
  assert.deepEqual([byBob, userMessage({ author: null })].map((one) => writerOf(one, "p-bob", "Ada")), [null, "Ada"]);
  assert.deepEqual([byBob, older].map((one) => writerOf(one, "p-cy", "Ada")), ["Bob", "Ada"]);
});

test("what a guest has just sent is theirs before the server has said so", () => {
  const thread = addUnsent(newTab(), "c-9", "Hello", "2026-11-23T09:31:00.000000Z");
  assert.equal(writerOf(thread.messages.at(-1) as ShownMessage, "p-bob", "Ada"), null);
  assert.equal(writerOf({ author: null, delivery: "refused" }, "p-bob", "Ada"), null);
});

test("a message that somebody else sends stands in the thread, and its answer grows there", () => {
  const ended = generation({ id: "g-0", status: "completed" });
  const before = loadNewest(newThread(SESSION), [userMessage(), answer({ generation: ended })], null);
  const asked = applyMessage(before, userMessage({ id: "u-2", client_id: "c-2", parent: "a-1", author: BOB }));
  assert.equal(asked.resubscribe, false);
  assert.deepEqual([asked.thread.messages.at(-1)?.author, asked.thread.awaiting], [BOB, null]);
  const begun = applyMessage(asked.thread, answer({ id: "a-2", parent: "u-2" })).thread;
  const grown = applyParts(begun, parts(0, 1, { type: "start", messageId: "a-2" }, { type: "text-start", id: "t" }, { type: "text-delta", id: "t", delta: "Yes" }));
  assert.equal(text(grown.thread, "a-2"), "Yes");
});

interface Asked {
  method: string;
  path: string;
}

function connect(): void {
  connection.value = { phase: "waiting", attempt: 1, crowded: false };
  connection.value = { phase: "live", attempt: 0, pinging: false };
}

function answering(answered: () => Response): Asked[] {
  const asked: Asked[] = [];
  globalThis.fetch = (async (path: string, { method }: RequestInit) => {
    asked.push({ method: method ?? "GET", path });
    return answered();
  }) as typeof fetch;
  return asked;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("whose chat it is is asked when somebody else's is opened, and again with each connection", async () => {
  const asked = answering(() => Response.json({ people: [{ ...ADA, owner: true }, { ...BOB, email: "", owner: false }], colleagues: [] }));
  startTogether();
  sessions.value = [session({ id: "s-own", joint: true }), session({ guest: true, joint: true }), session({ id: "s-other", guest: true })];
  openSession.value = "s-own";
  connect();
  await settled();
  assert.deepEqual([asked.length, owner.value], [0, null]);
  openSession.value = SESSION;
  assert.equal(owner.value, "Owner");
  await settled();
  assert.deepEqual(asked, [{ method: "GET", path: `/api/sessions/${SESSION}/people` }]);
  assert.equal(owner.value, "Ada");
  connect();
  await settled();
  assert.equal(asked.length, 2);
});

test("without an answer it stays unsaid, until there is one", async () => {
  answering(() => Response.json({ error: problem() }, { status: 503 }));
  openSession.value = "s-other";
  await settled();
  assert.equal(owner.value, "Owner");
  answering(() => Response.json({ people: [{ ...ADA, owner: true }], colleagues: [] }));
  connect();
  await settled();
  assert.equal(owner.value, "Ada");
});

test("of a chat that is gone it is still known that one was a guest in it", () => {
  dropSession("s-other");
  assert.deepEqual(["s-other", "s-own", "s-never", null].map(hasJoined), [true, false, false, false]);
});

test("a chat that can't be left stays, and one that is left is gone from the list and the screen", async () => {
  const location = { pathname: `/c/${SESSION}`, hash: "" };
  const history = { pushState: (...[, , path]: string[]) => { location.pathname = path ?? ""; } };
  Object.assign(globalThis, { document: { cookie: "" }, location, history });
  sessions.value = [session({ guest: true }), session({ id: "s-own" })];
  openSession.value = SESSION;
  await settled();
  answering(() => Response.json({ error: problem({ text: "Not now." }) }, { status: 503 }));
  assert.equal(await leaveChat(SESSION), "Not now.");
  assert.deepEqual([sessions.peek().length, openSession.peek()], [2, SESSION]);
  const asked = answering(() => new Response(null, { status: 204 }));
  assert.equal(await leaveChat(SESSION), null);
  assert.equal(asked[0]?.method, "DELETE");
  assert.match(asked[0]?.path ?? "", new RegExp(`^/api/sessions/${SESSION}/people/`));
  assert.deepEqual(sessions.peek().map(({ id }) => id), ["s-own"]);
  assert.equal(notice.peek()?.text, "You have left the chat.");
  assert.deepEqual([openSession.peek(), location.pathname], [null, "/"]);
});
