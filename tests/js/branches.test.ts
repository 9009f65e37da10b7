import assert from "node:assert/strict";
import { test } from "node:test";

import { placeOf } from "../../static/src/core/branches.ts";
import { awaitAnswer } from "../../static/src/core/again.ts";
import { accept, addUnsent, applyMessage, loadNewest, loadOlder, newThread, refuse, type Thread } from "../../static/src/core/thread.ts";
import { answer, generation, problem, SESSION, session, userMessage } from "./frames.ts";

const DONE = generation({ id: "g-0", status: "completed" });

/** Two questions with their answers. */
function conversation(): Thread {
  const page = [
    userMessage(), answer({ generation: DONE }),
    userMessage({ id: "u-2", client_id: "c-2", parent: "a-1" }), answer({ id: "a-2", parent: "u-2", generation: DONE }),
  ];
  return loadNewest(newThread(SESSION), page, null);
}

const ids = (thread: Thread): string[] => thread.messages.map(({ id }) => id);

function placed(thread: Thread, id: string): string {
  const message = thread.messages.find((one) => one.id === id);
  const place = message === undefined ? null : placeOf(thread.siblings, message);
  return place === null ? "alone" : `${place.number}/${place.count} after ${place.previous} before ${place.next}`;
}

test("a page says which messages are not alone", () => {
  const thread = loadNewest(newThread(SESSION), [userMessage(), answer({ generation: DONE })], null, { "a-1": ["a-0", "a-1", "a-9"] });
  assert.equal(placed(thread, "a-1"), "2/3 after a-0 before a-9");
  assert.equal(placed(thread, "u-1"), "alone");
  const older = loadOlder(thread, [userMessage({ id: "u-0", client_id: null })], null, { "u-0": ["u-0", "u-x"] });
  assert.equal(placed(older, "u-0"), "1/2 after null before u-x");
});

test("an edited message takes the place of what followed, and stands beside it", () => {
  const edited = addUnsent(conversation(), "c-9", "Otherwise", "", "a-1");
  assert.deepEqual(ids(edited), ["u-1", "a-1", "c-9"]);
  assert.equal(edited.awaiting, "c-9");
  const message = userMessage({ id: "u-9", client_id: "c-9", parent: "a-1" });
  const next = answer({ id: "a-9", parent: "u-9", generation: generation({ id: "g-9", status: "pending" }) });
  const accepted = accept(edited, "c-9", { session: session(), message, answer: next, generation: "g-9" });
  assert.deepEqual(ids(accepted), ["u-1", "a-1", "u-9", "a-9"]);
  assert.equal(placed(accepted, "u-9"), "2/2 after u-2 before null");
  assert.equal(placed(accepted, "a-9"), "alone");
});

test("the first message can be edited too", () => {
  const edited = addUnsent(conversation(), "c-9", "Otherwise", "", null);
  assert.deepEqual(ids(edited), ["c-9"]);
  const accepted = accept(edited, "c-9", { message: userMessage({ id: "u-9", client_id: "c-9" }) });
  assert.equal(placed(accepted, "u-9"), "2/2 after u-1 before null");
});

test("an edit that is refused keeps its place: sent again, it is the same edit", () => {
  const refused = refuse(addUnsent(conversation(), "c-9", "Otherwise", "", "a-1"), "c-9", problem());
  assert.equal(refused.messages.at(-1)?.delivery, "refused");
  assert.equal(refused.messages.at(-1)?.parent, "a-1");
});

test("another answer stands beside the first", () => {
  const waiting = awaitAnswer(conversation(), "c-9", "a-2");
  assert.deepEqual(ids(waiting), ["u-1", "a-1", "u-2"]);
  const next = answer({ id: "a-9", client_id: "c-9", parent: "u-2", generation: generation({ id: "g-9", status: "pending" }) });
  const accepted = accept(waiting, "c-9", { message: userMessage({ id: "u-2", client_id: "c-2", parent: "a-1" }), answer: next, generation: "g-9" });
  assert.deepEqual(ids(accepted), ["u-1", "a-1", "u-2", "a-9"]);
  assert.equal(placed(accepted, "a-9"), "2/2 after a-2 before null");
});

test("what another tab wrote beside a message is counted there", () => {
  const news = applyMessage(conversation(), userMessage({ id: "u-9", client_id: "c-9", parent: "a-1" })).thread;
  assert.deepEqual(ids(news), ["u-1", "a-1", "u-9"]);
  assert.equal(placed(news, "u-9"), "2/2 after u-2 before null");
  const again = applyMessage(news, userMessage({ id: "u-9", client_id: "c-9", parent: "a-1" })).thread;
  assert.equal(placed(again, "u-9"), "2/2 after u-2 before null");
});

test("a message that was changed keeps its place", () => {
  const rated = answer({ id: "a-1", generation: { ...DONE, feedback: { rating: "up", reason: null } } });
  const news = applyMessage(conversation(), rated).thread;
  assert.deepEqual(ids(news), ["u-1", "a-1", "u-2", "a-2"]);
  assert.equal(news.messages[1]?.generation?.feedback?.rating, "up");
});
