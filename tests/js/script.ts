// One generation, frame by frame, and what it adds up to.

import assert from "node:assert/strict";

import type { Message, Part, PartsFrame, StreamPart } from "../../static/src/core/protocol.ts";
import { applyParts, type Thread } from "../../static/src/core/thread.ts";
import { answer, generation, GENERATION, parts, streaming } from "./frames.ts";

export const SCRIPT: readonly StreamPart[] = [
  { type: "start", messageId: "a-1", messageMetadata: { generation: GENERATION } },
  { type: "start-step" },
  { type: "data-attempt", data: { model: "Story", attempt: 2, delay: 1, code: "provider_timed_out", text: "…" } },
  { type: "reasoning-start", id: "r1" },
  { type: "reasoning-delta", id: "r1", delta: "Let me " },
  { type: "reasoning-delta", id: "r1", delta: "think." },
  { type: "reasoning-end", id: "r1" },
  { type: "text-start", id: "t1" },
  { type: "text-delta", id: "t1", delta: "A monad " },
  { type: "text-delta", id: "t1", delta: "is a " },
  { type: "source-url", sourceId: "source1", url: "https://a.example/", title: "A" },
  { type: "text-delta", id: "t1", delta: "way." },
  { type: "text-end", id: "t1" },
  { type: "tool-input-start", toolCallId: "k1", toolName: "look_up" },
  { type: "tool-input-delta", toolCallId: "k1", inputTextDelta: '{"q":' },
  { type: "tool-input-delta", toolCallId: "k1", inputTextDelta: '"x"}' },
  { type: "tool-input-available", toolCallId: "k1", toolName: "look_up", input: { q: "x" } },
  { type: "tool-output-available", toolCallId: "k1", output: { found: 3 } },
  { type: "finish-step" },
  { type: "finish", finishReason: "stop", messageMetadata: { output_tokens: 7 } },
];

export const FRAMES: readonly PartsFrame[] = SCRIPT.map((part, index) => parts(index, index + 1, part));

export const WHOLE: readonly Part[] = [
  { type: "reasoning", text: "Let me think." },
  { type: "text", text: "A monad is a way." },
  { type: "source-url", sourceId: "source1", url: "https://a.example/", title: "A" },
  { type: "dynamic-tool", toolCallId: "k1", toolName: "look_up", state: "output-available", rawInput: '{"q":"x"}', input: { q: "x" }, output: { found: 3 } },
];

export function play(thread: Thread, frames: readonly PartsFrame[]): Thread {
  return frames.reduce((before, frame) => {
    const { thread: after, resubscribe } = applyParts(before, frame);
    assert.equal(resubscribe, false, `no gap at ${frame.seq}`);
    return after;
  }, thread);
}

export function stored(count: number): Message {
  const live = play(streaming(), FRAMES.slice(0, count)).live;
  return answer({ parts: live?.parts ?? WHOLE, generation: generation() });
}

export function ended(thread: Thread): Message {
  assert.equal(thread.live, null);
  const message = thread.messages.find(({ id }) => id === "a-1");
  assert.ok(message);
  return message;
}
