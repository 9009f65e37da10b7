import assert from "node:assert/strict";
import { test } from "node:test";

import {
  applyMessage, applyParts, applyRunning, applySnapshot, freeze, isBusy, loadNewest, newThread, position, thaw,
} from "../../static/src/core/thread.ts";
import { answer, generation, GENERATION, newTab, parts, problem, seeded, SESSION, snapshot, streaming, text, userMessage } from "./frames.ts";
import { ended, FRAMES, play, SCRIPT, stored, WHOLE } from "./script.ts";

test("the parts of a generation add up to the stored message", () => {
  const message = ended(play(streaming(), FRAMES));
  assert.deepEqual(message.parts, WHOLE);
  assert.equal(message.generation?.status, "completed");
  assert.equal(message.generation?.finish_reason, "stop");
  assert.equal(message.generation?.metadata.output_tokens, 7);
});

for (let at = 0; at < SCRIPT.length; at += 1) {
  test(`a snapshot at ${at} and the frames after it add up to the same`, () => {
    const joined = applySnapshot(newTab(), snapshot(at, stored(at)));
    assert.deepEqual(ended(play(joined, FRAMES.slice(at))).parts, WHOLE);
  });

  test(`a connection lost after ${at} frames goes on where it was`, () => {
    const before = play(streaming(), FRAMES.slice(0, at));
    assert.deepEqual(position(before), { generation: GENERATION, after: at });
    assert.deepEqual(ended(play(before, FRAMES.slice(at))).parts, WHOLE);
  });

  test(`frames from the first on replace what was stored at ${at}`, () => {
    const loaded = loadNewest(newThread(SESSION), [userMessage(), stored(at)], null);
    assert.deepEqual(position(loaded), { generation: GENERATION, after: 0 });
    assert.deepEqual(ended(play(loaded, FRAMES)).parts, WHOLE);
  });

  test(`a frame that was applied already (${at + 1}) changes nothing`, () => {
    const before = play(streaming(), FRAMES.slice(0, at + 1));
    const frame = FRAMES[at];
    assert.ok(frame);
    const { thread, resubscribe } = applyParts(before, frame);
    assert.equal(resubscribe, false);
    assert.equal(thread, before);
  });
}

test("a frame that leaves a gap is refused and asks for what is missing", () => {
  const before = play(streaming(), FRAMES.slice(0, 8));
  const frame = FRAMES[9];
  assert.ok(frame);
  const { thread, resubscribe } = applyParts(before, frame);
  assert.equal(resubscribe, true);
  assert.equal(thread, before);
});

test("a merged frame that overlaps what was applied is refused: it can't be cut", () => {
  const before = play(streaming(), FRAMES.slice(0, 9));
  assert.equal(applyParts(before, parts(7, 11, { type: "text-delta", id: "t1", delta: "?" })).resubscribe, true);
});

test("frames in any order never show anything but a beginning of the answer", () => {
  const random = seeded(7);
  for (let round = 0; round < 200; round += 1) {
    let thread = streaming();
    for (let step = 0; step < 60; step += 1) {
      const frame = FRAMES[Math.floor(random() * FRAMES.length)];
      if (frame !== undefined) thread = applyParts(thread, frame).thread;
      assert.ok("A monad is a way.".startsWith(text(thread)));
    }
  }
});

test("a generation of another tab begins with its first frame", () => {
  const { thread, resubscribe } = applyParts(newTab(), parts(0, 1, { type: "start", messageId: "a-1" }));
  assert.equal(resubscribe, false);
  assert.equal(thread.messages.at(-1)?.id, "a-1");
  assert.deepEqual(ended(play(thread, FRAMES.slice(1))).parts, WHOLE);
});

test("a generation of another tab that is under way is asked for", () => {
  assert.equal(applyParts(newTab(), parts(4, 5, { type: "text-delta", id: "t1", delta: "x" })).resubscribe, true);
});

test("late frames of an answer that has ended are dropped", () => {
  const done = play(streaming(), FRAMES);
  const frame = FRAMES[8];
  assert.ok(frame);
  assert.deepEqual(applyParts(done, frame), { thread: done, resubscribe: false });
});

test("a stop keeps what was seen and adds nothing to it", () => {
  const seen = freeze(play(streaming(), FRAMES.slice(0, 9)));
  assert.equal(text(seen), "A monad ");
  const later = play(seen, FRAMES.slice(9, 11));
  assert.equal(text(later), "A monad ");
  const { thread } = applyParts(later, parts(11, 12, { type: "abort", reason: "stopped" }));
  assert.equal(text(thread), "A monad ");
  assert.equal(ended(thread).generation?.status, "stopped");
});

test("a snapshot after a stop does not bring text either, but its end counts", () => {
  const seen = freeze(play(streaming(), FRAMES.slice(0, 9)));
  const whole = answer({ parts: WHOLE, generation: generation({ status: "stopped" }) });
  const thread = applySnapshot(seen, snapshot(12, whole));
  assert.equal(text(thread), "A monad ");
  assert.equal(ended(thread).generation?.status, "stopped");
});

test("a stop that was refused takes the answer up from its beginning", () => {
  const seen = thaw(play(freeze(play(streaming(), FRAMES.slice(0, 9))), FRAMES.slice(9, 11)));
  assert.equal(text(seen), "A monad ");
  assert.deepEqual(position(seen), { generation: GENERATION, after: 0 });
  assert.deepEqual(ended(play(seen, FRAMES)).parts, WHOLE);
});

test("an error keeps the partial text and says what was wrong", () => {
  const before = play(streaming(), FRAMES.slice(0, 10));
  const { thread } = applyParts(before, parts(10, 12, { type: "data-error", data: problem() }, { type: "error", errorText: "…" }));
  const message = ended(thread);
  assert.equal(text(thread), "A monad is a ");
  assert.equal(message.generation?.status, "failed");
  assert.equal(message.generation?.error?.code, "provider_timed_out");
});

test("an error without data still has a sentence", () => {
  const { thread } = applyParts(streaming(), parts(0, 1, { type: "error", errorText: "It broke." }));
  assert.equal(ended(thread).generation?.error?.text, "It broke.");
});

test("an interruption by the server is not a stop by the reader", () => {
  const { thread } = applyParts(streaming(), parts(0, 1, { type: "abort", reason: "interrupted" }));
  assert.equal(ended(thread).generation?.status, "interrupted");
});

test("nothing runs: the running mark goes, and the snapshot that follows says how it ended", () => {
  const before = play(streaming(), FRAMES.slice(0, 9));
  assert.equal(isBusy(before), true);
  const cleared = applyRunning(before, null);
  assert.equal(isBusy(cleared), false);
  assert.equal(text(cleared), "A monad ");
  const thread = applySnapshot(cleared, snapshot(18, answer({ parts: WHOLE, generation: generation({ status: "completed" }) })));
  assert.deepEqual(ended(thread).parts, WHOLE);
});

test("nothing runs: the frames that follow say how it ended", () => {
  const cleared = applyRunning(play(streaming(), FRAMES.slice(0, 9)), null);
  assert.deepEqual(ended(play(cleared, FRAMES.slice(9))).parts, WHOLE);
});

test("another one runs: it takes the place of ours", () => {
  const cleared = applyRunning(play(streaming(), FRAMES.slice(0, 9)), "g-2");
  const other = answer({ id: "a-2", generation: generation({ id: "g-2" }) });
  const { thread } = applyMessage({ ...cleared, live: null }, other);
  assert.equal(thread.live?.generation, "g-2");
  assert.equal(isBusy(thread), true);
});

test("what runs still runs after a subscription", () => {
  const before = play(streaming(), FRAMES.slice(0, 9));
  assert.equal(applyRunning(before, GENERATION), before);
});
