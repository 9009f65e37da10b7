import assert from "node:assert/strict";
import { test } from "node:test";

import { guidanceOf } from "../../static/src/core/again.ts";
import { filled } from "../../static/src/core/gauge.ts";
import { MOST_GUIDANCE, PRESETS } from "../../static/src/core/guidance.ts";
import { restore, serialise } from "../../static/src/core/outbox.ts";
import { answer, generation, userMessage } from "./frames.ts";

test("what should be different goes without white space around it, and not at all where nothing is said", () => {
  assert.deepEqual(guidanceOf("  Shorter,\n please. "), { guidance: "Shorter,\n please." });
  for (const nothing of ["", " \n", null, undefined]) assert.deepEqual(guidanceOf(nothing), {});
});

test("what is wanted most often differs in name and words, and fits", () => {
  assert.equal(new Set(PRESETS.map(({ name }) => name)).size, PRESETS.length);
  assert.equal(new Set(PRESETS.map(({ words }) => words)).size, PRESETS.length);
  for (const { words } of PRESETS) assert.deepEqual(guidanceOf(words), { guidance: words });
  assert.ok(PRESETS.every(({ words }) => words.length <= MOST_GUIDANCE));
});

test("after a lost connection the words go with the command once more", () => {
  const command = { type: "regenerate", id: "c-1", session: "s-1", message: "a-1", model: null, ...guidanceOf("Shorter.") } as const;
  assert.deepEqual(restore(serialise([command])), [command]);
});

test("what an answer was asked with is not sent again, so the gauge does not count it", () => {
  const metadata = { input_tokens: 900, output_tokens: 10 };
  const asked = (guidance: string | null) =>
    answer({ parts: [{ type: "text", text: "x".repeat(30) }], generation: generation({ status: "completed", guidance, metadata }) });
  const question = userMessage({ parts: [{ type: "text", text: "x".repeat(60) }] });
  assert.equal(filled([question, asked("Shorter.")], "", 1000).tokens, 20 + 10);
  assert.equal(filled([question, asked(null)], "", 1000).tokens, 910);
});
