import assert from "node:assert/strict";
import { test } from "node:test";

import type { TextStore } from "../../static/src/core/bySession.ts";
import { keepDraft, NEW_CHAT, readDraft } from "../../static/src/core/drafts.ts";
import { find, put, restore, serialise, take, waitingFor } from "../../static/src/core/outbox.ts";

const SEND = { type: "send", id: "c-1", session: "s-1", parent: null, text: "Hi", attachments: [] } as const;
const STOP = { type: "stop", id: "c-2", generation: "g-1", seen: 4 } as const;
const CREATE = { type: "create", id: "c-0", session: "s-1", model: null, agent: null, effort: null, folder: null, temporary: false } as const;

class MemoryStore implements TextStore {
  readonly values = new Map<string, string>();

  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.values.set(key, value);
  }

  removeItem(key: string): void {
    this.values.delete(key);
  }
}

test("commands wait in the order in which they were given", () => {
  const outbox = put(put(put([], CREATE), SEND), STOP);
  assert.deepEqual(outbox.map(({ id }) => id), ["c-0", "c-1", "c-2"]);
});

test("a command is there once, under its id, until it is answered", () => {
  const outbox = put(put([], SEND), { ...SEND, text: "other" });
  assert.deepEqual(outbox, [SEND]);
  assert.equal(find(outbox, "c-1"), SEND);
  assert.deepEqual(take(outbox, "c-1"), []);
});

test("an answer to something else changes nothing", () => {
  const outbox = put([], SEND);
  assert.equal(take(outbox, "c-9"), outbox);
});

test("what waits for a session is known", () => {
  const outbox = put(put(put([], CREATE), SEND), STOP);
  assert.deepEqual(waitingFor(outbox, "s-1"), [CREATE, SEND]);
  assert.deepEqual(waitingFor(outbox, "s-2"), []);
});

test("a reload takes up the same commands under the same ids", () => {
  const outbox = put(put(put([], CREATE), SEND), STOP);
  assert.deepEqual(restore(serialise(outbox)), outbox);
});

for (const text of [null, "", "{", "{}", "null", "[1, null, {}]", '[{"type": "ping", "id": "c-1"}]', '[{"type": "send"}]']) {
  test(`nothing to take up in ${JSON.stringify(text)}`, () => assert.deepEqual(restore(text), []));
}

test("each session keeps its own draft", () => {
  const store = new MemoryStore();
  keepDraft(store, "s-1", "one");
  keepDraft(store, NEW_CHAT, "new");
  keepDraft(store, "s-1", "one more");
  assert.equal(readDraft(store, "s-1"), "one more");
  assert.equal(readDraft(store, NEW_CHAT), "new");
  assert.equal(readDraft(store, "s-2"), "");
});

test("an empty draft is forgotten, and the last one leaves nothing behind", () => {
  const store = new MemoryStore();
  keepDraft(store, "s-1", "one");
  keepDraft(store, "s-1", "  \n");
  assert.equal(readDraft(store, "s-1"), "");
  assert.equal(store.values.size, 0);
});

test("the oldest drafts leave", () => {
  const store = new MemoryStore();
  for (let index = 0; index < 60; index += 1) keepDraft(store, `s-${index}`, `text ${index}`);
  assert.equal(readDraft(store, "s-9"), "");
  assert.equal(readDraft(store, "s-10"), "text 10");
  assert.equal(readDraft(store, "s-59"), "text 59");
});

test("a store that refuses does not disturb the typing", () => {
  const store = new MemoryStore();
  store.setItem = () => { throw new Error("full"); };
  assert.doesNotThrow(() => keepDraft(store, "s-1", "one"));
});

for (const text of ["{", "{}", "[1]", '[["s-1"]]', "null"]) {
  test(`a broken store (${text}) is an empty one`, () => {
    const store = new MemoryStore();
    for (const key of ["chat-studio.drafts"]) store.values.set(key, text);
    assert.equal(readDraft(store, "s-1"), "");
    keepDraft(store, "s-1", "one");
    assert.equal(readDraft(store, "s-1"), "one");
  });
}
