import assert from "node:assert/strict";
import { test } from "node:test";

import { keepCompared, readCompared } from "../../static/src/core/compared.ts";

function store(kept: Map<string, string> = new Map()) {
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test("each chat's models are its own, and nothing is left of none", () => {
  const own = store();
  keepCompared(own, "s-1", ["m-1", "m-2"]);
  keepCompared(own, "s-2", ["m-3"]);
  keepCompared(own, "s-1", ["m-2"]);
  assert.deepEqual([readCompared(own, "s-1"), readCompared(own, "s-2"), readCompared(own, "s-3")], [["m-2"], ["m-3"], []]);
  keepCompared(own, "s-1", []);
  keepCompared(own, "s-2", []);
  assert.equal(own.kept.size, 0);
});

test("the last fifty chats are kept", () => {
  const own = store();
  for (let number = 0; number < 60; number += 1) keepCompared(own, `s-${number}`, ["m"]);
  assert.deepEqual([readCompared(own, "s-9"), readCompared(own, "s-10"), readCompared(own, "s-59")], [[], ["m"], ["m"]]);
});

test("what can't be read is nothing, and a store that refuses is no error", () => {
  for (const text of ["", "{", "null", "5", '[["s-1"]]', '[["s-1",[5]]]', '{"s-1":["m"]}']) assert.deepEqual(readCompared(store(new Map([["chat-studio.compared", text]])), "s-1"), []);
  const refuse = () => { throw new Error("no room"); };
  keepCompared({ getItem: () => null, setItem: refuse, removeItem: refuse }, "s-1", ["m"]);
  assert.deepEqual(readCompared({ getItem: refuse, setItem: refuse, removeItem: refuse }, "s-1"), []);
});
