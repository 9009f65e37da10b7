import assert from "node:assert/strict";
import { test } from "node:test";

import { memoryChange, takeBack } from "../../static/src/core/memories.ts";
import type { ToolPart } from "../../static/src/core/protocol.ts";

function call(toolName: string, output: unknown, state: ToolPart["state"] = "output-available"): ToolPart {
  return { type: "dynamic-tool", toolCallId: "call_1", toolName, state, output };
}

test("what was remembered is taken back by deleting it", () => {
  const change = memoryChange(call("remember", { memory: "m/1", number: 1, remembered: "Works as a nurse." }));
  assert.deepEqual(change, { kind: "remembered", memory: "m/1", text: "Works as a nurse." });
  assert.deepEqual(takeBack(change!), { method: "DELETE", path: "memories/m%2F1" });
});

test("what was replaced is taken back by writing what it was before", () => {
  const change = memoryChange(call("remember", { memory: "m-1", remembered: "A doctor.", replaced: "A nurse." }));
  assert.deepEqual(takeBack(change!), { method: "PUT", path: "memories/m-1", body: { text: "A nurse." } });
});

test("what was forgotten is taken back by writing it again", () => {
  const change = memoryChange(call("forget", { number: 2, forgotten: "Lives in Porto." }));
  assert.deepEqual(change, { kind: "forgotten", text: "Lives in Porto." });
  assert.deepEqual(takeBack(change!), { method: "POST", path: "memories", body: { text: "Lives in Porto." } });
});

test("any other call is none, and so is one that has changed nothing", () => {
  for (const other of [
    call("current_time", { memory: "m-1", remembered: "No." }), call("remember", undefined, "input-available"), call("remember", "A text."),
    call("remember", null), call("remember", { remembered: 7, memory: "m-1" }), call("forget", { forgotten: null }),
  ]) assert.equal(memoryChange(other), null);
});
