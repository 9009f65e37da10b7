import assert from "node:assert/strict";
import { test } from "node:test";

import { count, NOTHING, type Unacknowledged } from "../../static/src/core/acknowledging.ts";

function run(...frames: readonly (readonly [generation: string, characters: number, now: number])[]): boolean[] {
  let state: Unacknowledged = NOTHING;
  return frames.map(([generation, characters, now]) => {
    const { after, due } = count(state, generation, characters, now);
    state = after;
    return due;
  });
}

test("little and soon is not worth a word", () => {
  assert.deepEqual(run(["g", 1000, 0], ["g", 1000, 30], ["g", 1000, 1990]), [false, false, false]);
});

test("after two seconds it is said, and then the two seconds begin again", () => {
  assert.deepEqual(run(["g", 10, 0], ["g", 10, 2000], ["g", 10, 2030], ["g", 10, 4000]), [false, true, false, true]);
});

test("much is said at once, long before the server waits", () => {
  assert.deepEqual(run(["g", 30_000, 0], ["g", 30_000, 10], ["g", 30_000, 20]), [false, true, false]);
  assert.deepEqual(run(["g", 60_000, 0]), [true]);
});

test("another generation is counted from its beginning", () => {
  assert.deepEqual(run(["g", 40_000, 0], ["h", 40_000, 10], ["h", 10_000, 20]), [false, false, true]);
});
