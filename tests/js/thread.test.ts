import assert from "node:assert/strict";
import { test } from "node:test";

import { awaitAnswer, awaitContinuation } from "../../static/src/core/again.ts";
import { isFinal, type Message } from "../../static/src/core/protocol.ts";
import { withSummary } from "../../static/src/core/summaries.ts";
import {
  accept, addUnsent, applyMessage, applyParts, isBusy, leafOf, loadNewest, loadOlder, newThread, putAway, refuse, removeMessage,
} from "../../static/src/core/thread.ts";
import { answer, generation, GENERATION, newTab, parts, problem, SESSION, session, streaming, text, userMessage } from "./frames.ts";
import { ended, FRAMES, play, stored, WHOLE } from "./script.ts";

test("a message that is on its way shows its files", () => {
  const file = { type: "file", attachment: "f", url: "/f", filename: "f.txt", mediaType: "text/plain", size: 1 } as const;
  const sent = addUnsent(newThread(SESSION), "c-1", "Hi", "2026-11-23T09:30:00Z", null, [file]);
  assert.deepEqual(sent.messages[0]?.parts, [file, { type: "text", text: "Hi" }]);
});

test("a summary is put to the message that it ends with, and to no other branch", () => {
  const summary = { text: "They met.", tokens: 40, model: "Story", created_at: "2026-11-23T09:30:00Z" };
  const frame = (message: string) => ({ type: "summary", session: SESSION, message, summary }) as const;
  const thread = loadNewest(newThread(SESSION), [userMessage(), answer({ generation: null })], null);
  const shown = withSummary(thread, frame("a-1"));
  assert.deepEqual(shown.messages.map((message) => message.summary), [undefined, summary]);
  assert.equal(shown.messages[0], thread.messages[0]);
  assert.equal(withSummary(thread, frame("a-other")), thread);
});

test("the reader's message is shown at once and becomes the stored one", () => {
  const sent = addUnsent(newThread(SESSION), "c-1", "Hi", "2026-11-23T09:30:00Z");
  assert.equal(sent.messages[0]?.delivery, "sending");
  assert.equal(sent.awaiting, "c-1");
  const accepted = accept(sent, "c-1", { session: session(), message: userMessage(), answer: answer(), generation: GENERATION });
  assert.deepEqual(accepted.messages.map(({ id }) => id), ["u-1", "a-1"]);
  assert.equal(accepted.messages[0]?.delivery, undefined);
  assert.equal(accepted.awaiting, null);
  assert.equal(accepted.live?.generation, GENERATION);
});

test("the ack may come after the first frames", () => {
  const sent = addUnsent(newThread(SESSION), "c-1", "Hi", "2026-11-23T09:30:00Z");
  const begun = play(sent, FRAMES.slice(0, 9));
  const accepted = accept(begun, "c-1", { message: userMessage(), answer: answer(), generation: GENERATION });
  assert.deepEqual(accepted.messages.map(({ id }) => id), ["u-1", "a-1"]);
  assert.equal(text(accepted), "A monad ");
  assert.deepEqual(ended(play(accepted, FRAMES.slice(9))).parts, WHOLE);
});

test("an ack that is repeated after the end starts nothing", () => {
  const done = play(streaming(), FRAMES);
  const again = accept(done, "c-1", { message: userMessage(), answer: answer(), generation: GENERATION });
  assert.equal(again.live, null);
  assert.deepEqual(again.messages.map(({ id }) => id), ["u-1", "a-1"]);
});

test("a refused message stays with the first thing that was wrong", () => {
  const sent = addUnsent(newThread(SESSION), "c-1", "Hi", "2026-11-23T09:30:00Z");
  const refused = refuse(refuse(sent, "c-1", problem({ code: "no_model_available" })), "c-1", problem({ code: "session_not_found" }));
  assert.equal(refused.messages[0]?.delivery, "refused");
  assert.equal(refused.messages[0]?.problem?.code, "no_model_available");
  assert.equal(refused.awaiting, null);
  assert.equal(removeMessage(refused, "c-1").messages.length, 0);
});

test("a refused message is not what the next one follows", () => {
  const done = play(streaming(), FRAMES);
  const refused = refuse(addUnsent(done, "c-2", "More", ""), "c-2", problem());
  assert.equal(leafOf(refused), "a-1");
});

test("an answer that goes on begins with what was there, without a blank in between", () => {
  const stopped = answer({ parts: [{ type: "text", text: "A monad " }], generation: generation({ status: "stopped" }) });
  const waiting = awaitContinuation(loadNewest(newThread(SESSION), [userMessage(), stopped], null), "c-9");
  assert.equal(text(waiting), "A monad ");
  assert.equal(isBusy(waiting), true);
  const other = answer({ id: "a-2", client_id: "c-9", parts: stopped.parts, generation: generation({ id: "g-2", status: "pending" }) });
  const accepted = accept(waiting, "c-9", { message: userMessage(), answer: other, generation: "g-2" });
  assert.deepEqual(accepted.messages.map(({ id }) => id), ["u-1", "a-2"]);
  assert.equal(text(accepted, "a-2"), "A monad ");
  const start = { type: "start", messageId: "a-2" } as const;
  const delta = { type: "text-delta", id: "t1", delta: "A monad is" } as const;
  const { thread } = applyParts(accepted, { ...parts(0, 2, start, delta), generation: "g-2" });
  assert.equal(text(thread, "a-2"), "A monad is");
});

test("answering again replaces the answer on the screen", () => {
  const waiting = awaitAnswer(play(streaming(), FRAMES), "c-9", "a-1");
  assert.deepEqual(waiting.messages.map(({ id }) => id), ["u-1"]);
  const other = answer({ id: "a-2", client_id: "c-9", generation: generation({ id: "g-2", status: "pending" }) });
  const accepted = accept(waiting, "c-9", { message: userMessage(), answer: other, generation: "g-2" });
  assert.deepEqual(accepted.messages.map(({ id }) => id), ["u-1", "a-2"]);
});

test("a message of another tab is shown where its parent is, and ends the branch that was there", () => {
  const done = play(streaming(), FRAMES);
  const { thread } = applyMessage(done, userMessage({ id: "u-9", client_id: "c-9", parent: null }));
  assert.deepEqual(thread.messages.map(({ id }) => id), ["u-9"]);
});

test("a message whose parent is not on the screen asks for the session anew", () => {
  assert.equal(applyMessage(newTab(), userMessage({ id: "u-5", client_id: null, parent: "a-4" })).resubscribe, true);
});

test("the answer that another tab began is followed", () => {
  const { thread } = applyMessage(newTab(), answer({ generation: generation({ status: "pending" }) }));
  assert.equal(thread.live?.generation, GENERATION);
  assert.deepEqual(ended(play(thread, FRAMES)).parts, WHOLE);
});

test("a transition that comes while an answer is written does not disturb it", () => {
  const before = play(streaming(), FRAMES.slice(0, 9));
  const change: Message = {
    ...userMessage({ id: "x-1", client_id: null, parent: "a-1" }), role: "transition",
    parts: [{ type: "data-transition", data: { kind: "model", from: null, to: "Echo" } }],
  };
  const { thread } = applyMessage(before, change);
  assert.equal(leafOf(thread), "x-1");
  assert.deepEqual(ended(play(thread, FRAMES.slice(9))).parts, WHOLE);
  const reloaded = loadNewest(newThread(SESSION), [userMessage(), stored(9), change], null);
  assert.equal(reloaded.live?.generation, GENERATION);
});

test("older pages go above, and stay when the newest page is read again", () => {
  const newest = loadNewest(newThread(SESSION), [userMessage({ id: "u-3" })], "u-3");
  const both = loadOlder(newest, [userMessage({ id: "u-1" }), userMessage({ id: "u-2" }), userMessage({ id: "u-3" })], "u-1");
  assert.deepEqual(both.messages.map(({ id }) => id), ["u-1", "u-2", "u-3"]);
  const again = loadNewest(both, [userMessage({ id: "u-3" })], "u-3");
  assert.deepEqual(again.messages.map(({ id }) => id), ["u-1", "u-2", "u-3"]);
  assert.equal(again.previous, "u-1");
});

test("a message on its way survives reading the page anew, once", () => {
  const sent = addUnsent(newTab(), "c-2", "More", "");
  assert.equal(loadNewest(sent, [userMessage()], null).messages.length, 2);
  const there = loadNewest(sent, [userMessage(), userMessage({ id: "u-2", client_id: "c-2", parent: "u-1" })], null);
  assert.deepEqual(there.messages.map(({ id }) => id), ["u-1", "u-2"]);
});

test("only four states are final", () => {
  const states = ["pending", "streaming", "stopping", "completed", "stopped", "failed", "interrupted"] as const;
  assert.deepEqual(states.filter(isFinal), ["completed", "stopped", "failed", "interrupted"]);
});

test("of a long thread that is left its newest messages are kept", () => {
  const shown = ["u-1", "u-2", "u-3"].map((id) => userMessage({ id, client_id: id }));
  const thread = { ...loadNewest(newThread(SESSION), shown, null), awaiting: "c-9" };
  assert.deepEqual([putAway(thread, 3).messages, putAway(thread, 3).previous, putAway(thread, 3).awaiting], [thread.messages, null, null]);
  assert.deepEqual([putAway(thread, 2).messages.map(({ id }) => id), putAway(thread, 2).previous], [["u-2", "u-3"], "u-2"]);
  assert.equal(putAway(newThread(SESSION), 2).previous, null);
});
