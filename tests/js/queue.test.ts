import assert from "node:assert/strict";
import { test } from "node:test";

import { dequeue, enqueue, NOTHING_QUEUED, restoreQueue, stateOf, toFront } from "../../static/src/core/queue.ts";
import { addUnsent, loadNewest, newThread, refuse } from "../../static/src/core/thread.ts";
import { answer, generation, newTab, problem, SESSION, streaming, userMessage } from "./frames.ts";

const FILE = { type: "file", attachment: "f", url: "/f", filename: "f.txt", mediaType: "text/plain", size: 1 } as const;

test("messages wait in order, each session's apart, and leave no trace", () => {
  const queue = enqueue(enqueue(enqueue(NOTHING_QUEUED, "s-1", { id: "c-1", text: "a", files: [] }), "s-2", { id: "c-2", text: "b", files: [] }), "s-1", { id: "c-3", text: "c", files: [FILE] });
  assert.deepEqual(queue["s-1"]?.map(({ text }) => text), ["a", "c"]);
  assert.deepEqual(dequeue(dequeue(queue, "s-1", "c-1"), "s-1", "c-3"), { "s-2": [{ id: "c-2", text: "b", files: [] }] });
  assert.deepEqual(dequeue(queue, "s-3", "c-1"), queue);
  assert.deepEqual(restoreQueue(JSON.stringify(queue)), queue);
});

test("one that presses goes before the others of its session", () => {
  const queue = ["c-1", "c-2", "c-3"].reduce((made, id) => enqueue(made, "s-1", { id, text: id, files: [] }), NOTHING_QUEUED);
  assert.deepEqual(toFront(queue, "s-1", "c-3")["s-1"]?.map(({ id }) => id), ["c-3", "c-1", "c-2"]);
  assert.deepEqual(toFront(queue, "s-1", "c-9"), queue);
  assert.deepEqual(toFront(queue, "s-2", "c-1"), queue);
});

test("what can't be read is an empty queue", () => {
  for (const text of [null, "", "{", "null", "5", '"x"', "[]", '{"s":5}', '{"s":[null,5,{"id":1}]}']) assert.deepEqual(restoreQueue(text), {});
  assert.deepEqual(restoreQueue('{"s":[null,{"id":"c","text":"t"}],"t":[]}'), { s: [{ id: "c", text: "t", files: [] }] });
});

function after(status: "completed" | "stopped" | "failed" | "interrupted"): string {
  return stateOf(loadNewest(newThread(SESSION), [userMessage(), answer({ generation: generation({ status }) })], null));
}

test("the next one goes when the answer has ended well; else the reader decides", () => {
  assert.equal(stateOf(streaming()), "waits");
  assert.equal(stateOf(newThread(SESSION)), "waits");
  assert.equal(stateOf(addUnsent(newTab(), "c-9", "x", "")), "waits");
  assert.equal(after("completed"), "sends");
  for (const status of ["stopped", "failed", "interrupted"] as const) assert.equal(after(status), "held");
});

test("an answer that was written by hand is an answer; a refused message is none", () => {
  const edited = loadNewest(newThread(SESSION), [userMessage(), answer({ generation: null })], null);
  assert.equal(stateOf(edited), "sends");
  assert.equal(stateOf(refuse(addUnsent(edited, "c-9", "x", ""), "c-9", problem())), "held");
});
