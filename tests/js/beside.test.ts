import assert from "node:assert/strict";
import { test } from "node:test";

import { aloneIn, awaitMerged, belongs, choose, columnsOf, leading, livesOf, mergeableIn, thawed, withBeside } from "../../static/src/core/beside.ts";
import type { Message } from "../../static/src/core/protocol.ts";
import { accept, applyMessage, applyParts, besideLast, isBusy, leafOf, loadNewest, newThread, type Thread } from "../../static/src/core/thread.ts";
import { answer, generation, GENERATION, parts, SESSION, userMessage } from "./frames.ts";

const LATER = "2026-11-23T09:31:00.000000Z";

function at(place: number, status: "completed" | "streaming" = "completed", changes: Partial<Message> = {}): Message {
  return answer({
    id: `a-beside-${place}`, generation: generation({ id: `g-beside-${place}`, status, beside: GENERATION, place, model: { id: `m-${place}`, name: `Model ${place}` } }), ...changes,
  });
}

function abreast(...beside: Message[]): Thread {
  const first = answer({ generation: generation({ status: "completed", place: 0, beside: null }) });
  return loadNewest(newThread(SESSION), [userMessage(), first], null, {}, beside);
}

const ids = (thread: Thread): (string | undefined)[] => columnsOf(thread).map((message) => message?.id);

test("answers stand from place to place, whatever their order", () => {
  assert.deepEqual(ids(abreast(at(2), at(1))), ["a-1", "a-beside-1", "a-beside-2"]);
  assert.deepEqual(ids(abreast()), ["a-1"]);
});

test("of two in one place the younger one is shown", () => {
  const again = at(1, "completed", { id: "a-again", created_at: LATER });
  assert.deepEqual(ids(abreast(again, at(1))), ["a-1", "a-again"]);
  const older = answer({ id: "a-older", generation: generation({ id: "g-older", status: "failed", place: 0 }) });
  assert.deepEqual(ids(abreast(older, at(1))), ["a-1", "a-beside-1"]);
});

test("nothing stands beside an answer once a message follows it", () => {
  const thread = abreast(at(1));
  const followed = { ...thread, messages: [...thread.messages, userMessage({ id: "u-2", parent: "a-1" })] };
  assert.deepEqual(besideLast(followed), []);
  assert.deepEqual(besideLast({ ...thread, messages: [...thread.messages, userMessage({ id: "t", role: "transition", parent: "a-1" })] }), [at(1)]);
});

test("they stay while the leading one is asked again, and not beside one that was written by hand", () => {
  const thread = abreast(at(1));
  const asked = { ...thread, messages: thread.messages.slice(0, 1), awaiting: "c-2" };
  assert.deepEqual(columnsOf(asked), [null, at(1)]);
  assert.equal(leading(asked), null);
  const byHand = { ...thread, messages: [userMessage(), answer({ id: "by-hand", generation: null })] };
  assert.deepEqual(besideLast(byHand), []);
});

test("a chat is busy until the last of them has ended", () => {
  assert.equal(isBusy(abreast(at(1, "streaming"))), true);
  assert.equal(isBusy(abreast(at(1))), false);
});

test("what another tab tells belongs here by its leader, its parent and its place", () => {
  const thread = abreast(at(1));
  assert.equal(belongs(thread, at(2)), true);
  assert.equal(belongs(thread, at(1)), true);
  assert.equal(belongs(thread, at(0, "completed", { id: "a-again" })), false, "it comes in place of the leading one");
  assert.equal(belongs(thread, at(2, "completed", { parent: "u-9" })), false);
  assert.equal(belongs(thread, answer({ id: "x", generation: generation({ id: "g-x", place: 1 }) })), false);
  assert.equal(belongs(thread, userMessage()), false);
});

test("one that comes is a version of the answer as well", () => {
  const thread = withBeside(abreast(), [at(1)]);
  assert.deepEqual(thread.siblings["u-1"], ["a-1", "a-beside-1"]);
  const changed = withBeside(thread, [at(1, "completed", { parts: [{ type: "text", text: "Hi" }] })]);
  assert.equal(changed.beside.length, 1);
  assert.deepEqual(changed.beside[0]?.parts, [{ type: "text", text: "Hi" }]);
});

test("what is written is known by its message, and goes on from what is stored", () => {
  const thread = abreast(at(1, "streaming", { parts: [{ type: "text", text: "On" }] }), at(2));
  const lives = livesOf(thread, new Map());
  assert.deepEqual([...lives.keys()], ["a-beside-1"]);
  assert.equal(lives.get("a-beside-1")?.provisional, true);
  assert.equal(livesOf(thread, lives).get("a-beside-1"), lives.get("a-beside-1"));
});

test("one alone takes in frames as any answer does", () => {
  const thread = abreast(at(1, "streaming"));
  const [message] = thread.beside as [Message];
  const live = livesOf(thread, new Map()).get(message.id) ?? null;
  const frame = { ...parts(0, 1, { type: "start", messageId: message.id }, { type: "text-start", id: "t" }, { type: "text-delta", id: "t", delta: "Hi" }), generation: "g-beside-1" };
  const { thread: next, resubscribe } = applyParts(aloneIn(thread, message, live), frame);
  assert.equal(resubscribe, false);
  assert.deepEqual(next.live?.parts, [{ type: "text", text: "Hi" }]);
  const ended = applyParts(next, { ...parts(1, 2, { type: "finish", finishReason: "stop" }), generation: "g-beside-1" }).thread;
  assert.equal(ended.messages[0]?.generation?.status, "completed");
});

test("the chosen one is the end of the branch, and what is written goes along", () => {
  const writes = loadNewest(newThread(SESSION), [userMessage(), answer()], null, {}, [at(1, "streaming")]);
  const lives = livesOf(writes, new Map());
  const chosen = choose(writes, lives, at(1, "streaming"));
  assert.equal(leafOf(chosen.thread), "a-beside-1");
  assert.equal(chosen.thread.live, lives.get("a-beside-1"));
  assert.deepEqual([...chosen.lives.keys()], ["a-1"]);
  assert.deepEqual(ids(chosen.thread), ["a-1", "a-beside-1"], "nothing changes its place");
  const none = { ...writes, messages: [userMessage()] };
  assert.equal(choose(none, lives, at(1)).thread, none);
});

test("a stop that was refused goes on from the first frame", () => {
  const live = livesOf(abreast(at(1, "streaming")), new Map()).get("a-beside-1");
  assert.ok(live);
  assert.deepEqual(thawed({ ...live, frozen: true, seq: 7 }), { ...live, seq: 0 });
});

const SAID: Partial<Message> = { parts: [{ type: "text", text: "It is one." }] };

test("what has ended with a text can become one, of two at least", () => {
  const thread = abreast(at(1, "completed", SAID), at(2, "streaming", SAID), at(3));
  assert.deepEqual(mergeableIn(thread), [], "the leading one says nothing, one is written, and one is empty");
  const said = { ...thread, messages: [userMessage(), answer({ ...SAID, generation: generation({ status: "stopped", place: 0, beside: null }) })] };
  assert.deepEqual(mergeableIn(said), ["a-1", "a-beside-1"]);
  const failed = answer({ ...SAID, generation: generation({ status: "failed", place: 0, beside: null }) });
  assert.deepEqual(mergeableIn({ ...said, messages: [userMessage(), failed] }), []);
  assert.deepEqual(mergeableIn({ ...said, beside: [] }), []);
});

test("a merged answer stands alone, and the others stay as its versions", () => {
  const thread = withBeside(abreast(), [at(1, "completed", SAID)]);
  const awaiting = awaitMerged(thread, "c-2");
  assert.deepEqual(awaiting.messages.map(({ id }) => id), ["u-1"]);
  assert.deepEqual([besideLast(awaiting), awaiting.awaiting], [[], "c-2"]);
  const merged = answer({ id: "a-merged", generation: generation({ id: "g-merged", place: 0, beside: null, merged_from: [{ message: "a-1", model: "Story" }] }) });
  const begun = accept(awaiting, "c-2", { message: userMessage(), answer: merged, generation: "g-merged" });
  assert.equal(leafOf(begun), "a-merged");
  assert.deepEqual(begun.siblings["u-1"], ["a-1", "a-beside-1", "a-merged"]);
});

test("one that another tab has merged ends the columns here too", () => {
  const merged = answer({ id: "a-merged", generation: generation({ id: "g-merged", status: "completed", place: 0, beside: null }) });
  const { thread } = applyMessage(abreast(at(1, "completed", SAID)), merged);
  assert.deepEqual(ids(thread), ["a-merged"]);
});
