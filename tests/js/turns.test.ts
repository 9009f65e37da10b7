import assert from "node:assert/strict";
import { test } from "node:test";

import type { ShownMessage } from "../../static/src/core/thread.ts";
import { RUN, runsOf, turnsOf } from "../../static/src/core/turns.ts";
import { answer, userMessage } from "./frames.ts";

/** A question and its answer for each number, from `first` on. */
function asked(first: number, count: number): ShownMessage[] {
  return Array.from({ length: count }, (_, index) => first + index).flatMap((number) => [
    userMessage({ id: `u-${number}`, client_id: null }), answer({ id: `a-${number}` }),
  ]);
}

const keys = (shown: readonly ShownMessage[], heads: Set<string>) => runsOf(turnsOf(shown), heads).map(({ turns }) => turns.map(({ key }) => key));

test("a turn is a message of the reader's with everything that follows it", () => {
  const [first, second] = [asked(1, 1), asked(2, 1)];
  const lone = answer({ id: "a-0" });
  assert.deepEqual(turnsOf([lone, ...first, ...second]).map(({ key, messages }) => [key, messages.length]), [["a-0", 1], ["u-1", 2], ["u-2", 2]]);
  assert.deepEqual(turnsOf([userMessage({ client_id: "c-1" })]).map(({ key }) => key), ["c-1"]);
});

test("nothing makes no runs", () => assert.deepEqual(runsOf([], new Set()), []));

test("a run has all messages of its turns, in their order", () => {
  const shown = asked(1, RUN + 2);
  const runs = runsOf(turnsOf(shown), new Set());
  assert.deepEqual(runs.map(({ turns }) => turns.length), [RUN, 2]);
  assert.deepEqual(runs.map(({ key }) => key), ["u-1", `u-${RUN + 1}`]);
  assert.deepEqual(runs.flatMap(({ messages }) => messages), shown);
});

test("older pages and new messages leave every turn in its run", () => {
  const heads = new Set<string>();
  const newest = asked(100, RUN + 3);
  const before = keys(newest, heads);
  const grown = keys([...asked(93, 7), ...newest, ...asked(100 + newest.length / 2, 1)], heads);
  assert.deepEqual(grown.slice(-2)[0], before[0]);
  assert.deepEqual(grown.at(-1)?.slice(0, 3), before[1]);
  assert.deepEqual(grown.slice(0, -2).map((run) => run.length), [RUN, 7 - RUN]);
});

test("where a page begins within a turn, only that one is drawn again", () => {
  const heads = new Set<string>();
  const shown = asked(1, 10);
  const newest = shown.slice(9); // begins with an answer
  const before = keys(newest, heads);
  assert.deepEqual(before[0], ["a-5"]);
  const grown = keys(shown, heads);
  assert.deepEqual(grown.slice(1), before.slice(1));
  assert.deepEqual(grown[0], ["u-1", "u-2", "u-3", "u-4", "u-5"]);
});
