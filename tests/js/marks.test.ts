import assert from "node:assert/strict";
import { test } from "node:test";

import { closeOpenMarks } from "../../static/src/core/marks.ts";

const CASES: readonly (readonly [string, string])[] = [
  ["plain text", "plain text"],
  ["some **bold wor", "some **bold wor**"],
  ["some **", "some "],
  ["some *soft", "some *soft*"],
  ["some ~~gone", "some ~~gone~~"],
  ["some `code", "some `code`"],
  ["some ``a ` b", "some ``a ` b``"],
  ["some `", "some "],
  ["**bold *both", "**bold *both***"],
  ["**done** and *done*", "**done** and *done*"],
  ["2 * 3 * 4", "2 * 3 * 4"],
  ["`a*b` and *c", "`a*b` and *c*"],
  ["see [the docs](https://exam", "see the docs"],
  ["see ![a picture](https://exam", "see a picture"],
  ["see [the docs](https://example.org)", "see [the docs](https://example.org)"],
  ["so \\(x + ", "so "],
  ["so \\[x + ", "so "],
  ["so $$x + ", "so "],
  ["so $$x$$ and \\(y\\)", "so $$x$$ and \\(y\\)"],
  ["- one\n- **two", "- one\n- **two**"],
  ["- **one\n- two", "- **one\n- two"],
  ["* one\n* **two", "* one\n* **two**"],
  ["1. **one\n2. *two", "1. **one\n2. *two*"],
  ["> **quo", "> **quo**"],
];

for (const [text, closed] of CASES) {
  test(`closes ${JSON.stringify(text)}`, () => assert.equal(closeOpenMarks(text), closed));
}

test("closing twice is closing once", () => {
  for (const [text] of CASES) {
    // Three marks in a row can be read in two ways; only text that came from a model is closed, once.
    if (closeOpenMarks(text).endsWith("***")) continue;
    const once = closeOpenMarks(text);
    assert.equal(closeOpenMarks(once), once);
  }
});
