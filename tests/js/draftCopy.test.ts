import assert from "node:assert/strict";
import test from "node:test";
import { keepSeen, merge, readSeen } from "../../static/src/core/draftCopy.ts";
import type { TextStore } from "../../static/src/core/bySession.ts";

const at = (version: number, text: string) => ({ version, text });

function store(): TextStore {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

test("what is no news changes nothing", () => {
  for (const version of [0, 2, 3]) {
    assert.deepEqual(merge("Mine", at(3, "Old"), at(version, "Theirs"), null), { seen: at(3, "Old"), mine: "Mine", other: null });
  }
});

test("a text that nobody has touched here follows what is written elsewhere", () => {
  assert.deepEqual(merge("Old", at(1, "Old"), at(2, "Older"), null), { seen: at(2, "Older"), mine: "Older", other: null });
  assert.deepEqual(merge("", at(0, ""), at(1, "Theirs"), null), { seen: at(1, "Theirs"), mine: "Theirs", other: null });
});

test("what was sent elsewhere is gone here", () => {
  assert.deepEqual(merge("Old", at(1, "Old"), at(2, ""), null), { seen: at(2, ""), mine: "", other: null });
});

test("what is being typed here stays, and what is not in it is not lost", () => {
  assert.deepEqual(merge("Mine", at(1, ""), at(2, "Theirs"), null), { seen: at(2, "Theirs"), mine: "Mine", other: "Theirs" });
  assert.deepEqual(merge("Old and new", at(1, ""), at(2, "Old"), null), { seen: at(2, "Old"), mine: "Old and new", other: null });
  assert.deepEqual(merge("Old and new", at(1, "Old"), at(2, ""), null), { seen: at(2, ""), mine: "Old and new", other: null });
});

test("the echo of one's own write does not take back what was typed or sent since", () => {
  assert.deepEqual(merge("Hello", at(0, ""), at(1, "Hel"), "Hel"), { seen: at(1, "Hel"), mine: "Hello", other: null });
  assert.deepEqual(merge("", at(0, ""), at(1, "Hel"), "Hel"), { seen: at(1, "Hel"), mine: "", other: null });
});

test("a write of another tab that came first leaves both texts", () => {
  assert.deepEqual(merge("Mine", at(1, ""), at(2, "Theirs"), "Mine"), { seen: at(2, "Theirs"), mine: "Mine", other: "Theirs" });
});

test("what is written elsewhere after the text was sent here comes up", () => {
  assert.deepEqual(merge("", at(1, "Sent"), at(2, "Next"), null), { seen: at(2, "Next"), mine: "Next", other: null });
});

test("what somebody else had kept with this browser goes, what they had not yet kept stays", () => {
  assert.equal(merge("Kept", at(-1, "Kept"), at(0, ""), null).mine, "");
  assert.equal(merge("Kept and more", at(-1, "Kept"), at(0, ""), null).mine, "Kept and more");
});

test("what was seen outlives a reload, for the last places", () => {
  const kept = store();
  assert.deepEqual(readSeen(kept, "new"), at(0, ""));
  for (let place = 0; place < 60; place += 1) keepSeen(kept, `s-${place}`, at(place, "x"));
  keepSeen(kept, "s-59", at(99, "y"));
  assert.deepEqual(readSeen(kept, "s-59"), at(99, "y"));
  assert.deepEqual(readSeen(kept, "s-0"), at(0, ""));
});

test("a store that is broken or full costs nothing but the memory", () => {
  const broken = store();
  broken.setItem("chat-studio.drafts-seen", "{");
  assert.deepEqual(readSeen(broken, "new"), at(0, ""));
  broken.setItem = () => { throw new Error("full"); };
  keepSeen(broken, "new", at(1, "x"));
});
