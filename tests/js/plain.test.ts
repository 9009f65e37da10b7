import assert from "node:assert/strict";
import { test } from "node:test";

import { withoutMarks } from "../../static/src/core/plain.ts";

const CASES: readonly (readonly [string, string])[] = [
  ["# Title\n\nSome **bold** and *thin* `code` ~~gone~~.", "Title\n\nSome bold and thin code gone."],
  ["- one\n- two\n  - three\n\n1. a\n2. b", "- one\n- two\n  - three\n\n1. a\n2. b"],
  ["[text](https://a.example) and <https://b.example>", "text (https://a.example) and https://b.example"],
  ["```py\nx = 1\n\ny = 2\n```", "x = 1\n\ny = 2"],
  ["| a | b |\n|---|---|\n| 1 | **2** |", "a\tb\n1\t2"],
  ["> quoted\n> more", "quoted\nmore"],
  ["5 &lt; 6 \\* 7", "5 < 6 * 7"],
  ["", ""],
];

for (const [markdown, text] of CASES) {
  test(`as text: ${JSON.stringify(markdown)}`, () => assert.equal(withoutMarks(markdown), text));
}
