import assert from "node:assert/strict";
import { test } from "node:test";

import { belongingTo } from "../../static/src/core/belonging.ts";
import type { TextStore } from "../../static/src/core/bySession.ts";
import { keepDraft, readDraft } from "../../static/src/core/drafts.ts";
import { join, lasting, type Outbox } from "../../static/src/core/outbox.ts";
import { ownerless, seeing } from "../../static/src/core/people.ts";

const DAY = 86_400_000;

class Shared implements TextStore {
  readonly values = new Map<string, string>();
  getItem = (key: string): string | null => this.values.get(key) ?? null;
  setItem = (key: string, value: string): void => { this.values.set(key, value); };
  removeItem = (key: string): void => { this.values.delete(key); };
}

test("what one person has typed, another does not see, and finds it again", () => {
  const shared = new Shared();
  const [ada, bob] = ["u-ada", "u-bob"].map((person) => belongingTo(person, () => shared)) as [TextStore, TextStore];
  keepDraft(ada, "new", "Secret");
  assert.equal(readDraft(bob, "new"), "");
  keepDraft(bob, "new", "Mine");
  keepDraft(bob, "new", "");
  assert.equal(readDraft(ada, "new"), "Secret");
  assert.deepEqual([...shared.values.keys()], ["chat-studio.drafts@u-ada"]);
});

test("the last eight people of a month are known, whoever is here last", () => {
  let known: string | null = null;
  for (let person = 0; person < 10; person += 1) known = seeing(known, `u-${person}`, 1000 + person);
  assert.deepEqual((JSON.parse(known ?? "") as [string, number][]).map(([person]) => person), ["u-2", "u-3", "u-4", "u-5", "u-6", "u-7", "u-8", "u-9"]);
  assert.deepEqual(JSON.parse(seeing(known, "u-2", 31 * DAY)), [["u-2", 31 * DAY]]);
  assert.deepEqual(JSON.parse(seeing(known, "u-2", 29 * DAY)).at(-1), ["u-2", 29 * DAY]);
});

for (const text of [null, "", "{", "{}", "null", '[1, null, ["u-1"], [1, 2], ["u-1", "x"]]']) {
  test(`nobody is known by ${JSON.stringify(text)}`, () => assert.deepEqual(JSON.parse(seeing(text, "u-1", 5)), [["u-1", 5]]));
}

test("what belongs to nobody who is known goes, what belongs to the browser stays", () => {
  const keys = ["chat-studio.theme", "chat-studio.people", "chat-studio.drafts@u-1", "chat-studio.drafts@u-2", "chat-studio.drafts", "chat-studio.outbox", "other@u-9"];
  assert.deepEqual(ownerless(keys, seeing(null, "u-1", 5)), ["chat-studio.drafts@u-2", "chat-studio.drafts", "chat-studio.outbox"]);
});

test("a tab that ends leaves its messages, not its switches", () => {
  const create = { type: "create", id: "c-0", session: "s-1", model: null, agent: null, effort: null, folder: null, temporary: false } as const;
  const send = { type: "send", id: "c-1", session: "s-1", parent: null, text: "Hi", attachments: [] } as const;
  const stop = { type: "stop", id: "c-2", generation: "g-1", seen: 4 } as const;
  assert.deepEqual(lasting([create, stop, send]), [create, send]);
  assert.deepEqual(join([create, send], [send, stop]), [create, send, stop]);
  const many: Outbox = Array.from({ length: 60 }, (_, number) => ({ ...send, id: `c-${number}` }));
  assert.equal(lasting(many).at(0)?.id, "c-10");
});
