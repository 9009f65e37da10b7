import assert from "node:assert/strict";
import { test } from "node:test";

import type { Part, ToolPart } from "../../static/src/core/protocol.ts";
import { chosenIn, questionOf, questionsOf, replyOf, wordsOf } from "../../static/src/core/question.ts";

const INPUT = { question: " Which\ncolour? ", options: [{ label: "Red" }, { label: "Blue", description: "as the sea" }, "Sea, green"] };

function call(changed: Partial<ToolPart> = {}): ToolPart {
  return { type: "dynamic-tool", toolCallId: "c1", toolName: "ask_person", state: "output-available", input: INPUT, output: "It is shown.", ...changed };
}

const [asked] = questionsOf([call()]);
assert.ok(asked);
const several = { ...asked, several: true };

test("a call that was done is a question with options, each on one line", () => {
  assert.deepEqual(asked, {
    text: "Which colour?",
    options: [{ label: "Red", description: "" }, { label: "Blue", description: "as the sea" }, { label: "Sea, green", description: "" }],
    several: false,
  });
  assert.equal(questionOf(call({ input: { ...INPUT, several: true } }))?.several, true);
});

for (const [why, part] of Object.entries<Part>({
  "another tool": call({ toolName: "current_time" }),
  "still coming": call({ state: "input-streaming", input: undefined }),
  refused: call({ state: "output-error", errorText: "No." }),
  "no question": call({ input: { options: ["a", "b"] } }),
  "no options": call({ input: { question: "Why?" } }),
  "an option without words": call({ input: { question: "Why?", options: ["a", {}] } }),
  "no object": call({ input: null }),
  "too many options": call({ input: { question: "Why?", options: [..."abcdefg"] } }),
  text: { type: "text", text: "Why?" },
})) {
  test(`no question: ${why}`, () => assert.equal(questionOf(part), null));
}

test("an answer is copied and read out with what it asks", () => {
  const parts: Part[] = [{ type: "text", text: "One thing." }, call({ toolName: "current_time" }), call()];
  assert.equal(wordsOf(parts), "One thing.\n\nWhich colour?\n\n- Red\n- Blue: as the sea\n- Sea, green");
});

test("what is chosen is sent in the order of the options, on a line each where a comma would part one", () => {
  assert.equal(replyOf(asked, [1]), "Blue");
  assert.equal(replyOf(several, [1, 0]), "Red, Blue");
  assert.equal(replyOf(several, [2, 0]), "Red\nSea, green");
});

test("a reply tells what was chosen, also when it was typed", () => {
  assert.deepEqual(chosenIn(asked, " blue\n"), [1]);
  assert.deepEqual(chosenIn(several, "Red\nSea, green"), [0, 2]);
  assert.deepEqual(chosenIn(several, "Red, Blue"), [0, 1]);
  assert.deepEqual(chosenIn(asked, "Red, Blue"), []);
  assert.deepEqual(chosenIn(several, "Neither"), []);
});
