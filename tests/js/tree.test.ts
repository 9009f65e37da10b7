import assert from "node:assert/strict";
import { test } from "node:test";

import { type Outlined, rowsOf, stepFrom } from "../../static/src/core/tree.ts";

function outlined(id: string, parent: string | null): Outlined {
  return { id, parent, role: id.startsWith("a") ? "assistant" : "user", words: `Words of ${id}` };
}

/** u1 has two answers; the first of them goes on, and so does the second. */
const TREE = [outlined("u1", null), outlined("a1", "u1"), outlined("u2", "a1"), outlined("a2", "u1"), outlined("u3", "a2"), outlined("u4", "a2")];

const drawn = (messages: readonly Outlined[], leaf: string | null): string[] =>
  rowsOf(messages, leaf).map(({ id, lane, from, shown }) => `${" ".repeat(lane)}${id}<${from}${shown ? "*" : ""}`);

test("older versions are set in, the newest goes straight on, the branch on the screen is marked", () => {
  assert.deepEqual(drawn(TREE, "u4"), ["u1<-1*", " a1<0", " u2<1", "a2<0*", " u3<3", "u4<3*"]);
});

test("what was written first comes first, and no branch hides another", () => {
  assert.deepEqual(drawn(TREE, "u2"), ["u1<-1*", " a1<0*", " u2<1*", "a2<0", " u3<3", "u4<3"]);
});

test("a parent that is not there begins the tree anew, and a leaf that is not there marks nothing", () => {
  assert.deepEqual(drawn([outlined("a7", "gone"), outlined("u8", "a7")], null), ["a7<-1", "u8<0"]);
  assert.deepEqual(drawn([], "u1"), []);
});

test("a chat may be ten thousand messages deep", () => {
  const deep = Array.from({ length: 10_000 }, (_, index) => outlined(`u${index}`, index === 0 ? null : `u${index - 1}`));
  const rows = rowsOf(deep, "u9999");
  assert.equal(rows.length, 10_000);
  assert.ok(rows.every(({ shown, lane }) => shown && lane === 0));
});

test("arrows go up and down, to what a message follows, and round its versions", () => {
  const rows = rowsOf(TREE, "u4");
  const from = (at: number, key: string): string | undefined => rows[stepFrom(rows, at, key) ?? -1]?.id;
  assert.equal(from(0, "ArrowUp"), "u1");
  assert.equal(from(0, "ArrowDown"), "a1");
  assert.equal(from(3, "ArrowLeft"), "u1");
  assert.equal(from(1, "ArrowRight"), "a2");
  assert.equal(from(3, "ArrowRight"), "a1");
  assert.equal(from(0, "ArrowRight"), "a1");
  assert.equal(from(0, "End"), "u4");
  assert.equal(from(5, "Home"), "u1");
  assert.equal(from(5, "PageDown"), "u4");
  assert.equal(stepFrom(rows, 0, "x"), null);
  assert.equal(stepFrom([], 0, "End"), null);
});
