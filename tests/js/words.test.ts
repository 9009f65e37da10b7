import assert from "node:assert/strict";
import { test } from "node:test";

import { adviceFor } from "../../static/src/core/advice.ts";
import { contextWindow, count, price, prices } from "../../static/src/core/amounts.ts";
import { characters, duration } from "../../static/src/core/format.ts";
import { newId, parseServerFrame } from "../../static/src/core/protocol.ts";
import { finishedUpTo, spoken } from "../../static/src/core/sentences.ts";
import { groupByDate, isListed, remove, upsert } from "../../static/src/core/sessions.ts";
import { problem, session } from "./frames.ts";

const NOW = new Date(2026, 10, 23, 15, 0);

function on(id: string, ...date: [number, number, number, number]) {
  return session({ id, updated_at: new Date(...date).toISOString() });
}

test("sessions are grouped by day, then by month", () => {
  const sessions = upsert([], [
    on("today", 2026, 10, 23, 0), on("yesterday", 2026, 10, 22, 23), on("week", 2026, 10, 17, 9), on("month", 2026, 9, 30, 9),
    on("october", 2026, 9, 2, 9), on("older", 2025, 11, 2, 9), on("october 2", 2026, 9, 1, 9),
  ]);
  const groups = groupByDate(sessions, NOW, "en");
  assert.deepEqual(groups.map(({ label, sessions: inGroup }) => [label, inGroup.map(({ id }) => id)]), [
    ["Today", ["today"]], ["Yesterday", ["yesterday"]], ["Last 7 days", ["week"]], ["Last 30 days", ["month"]],
    ["October 2026", ["october", "october 2"]], ["December 2025", ["older"]],
  ]);
});

test("the newest activity is first, and an older state does not win", () => {
  const first = upsert([], [on("a", 2026, 1, 1, 1), on("b", 2026, 1, 1, 2)]);
  assert.deepEqual(first.map(({ id }) => id), ["b", "a"]);
  const later = upsert(first, [{ ...on("a", 2026, 1, 1, 3), title: "new" }]);
  assert.deepEqual(later.map(({ id }) => id), ["a", "b"]);
  const stale = upsert(later, [{ ...on("a", 2026, 1, 1, 1), title: "old" }]);
  assert.equal(stale[0]?.title, "new");
  assert.deepEqual(remove(stale, "a").map(({ id }) => id), ["b"]);
});

test("archived and temporary sessions are not in the list", () => {
  const all = [session({ id: "plain" }), session({ id: "put away", archived: true }), session({ id: "passing", temporary: true })];
  assert.deepEqual(all.filter(isListed).map(({ id }) => id), ["plain"]);
});

test("frames of known types are read, everything else is left", () => {
  assert.equal(parseServerFrame('{"type": "session-deleted", "session": "s-1"}')?.type, "session-deleted");
  for (const text of ["", "{", "null", "7", "[]", "{}", '{"type": 1}', '{"type": "tomorrow"}', '{"type": "toString"}']) {
    assert.equal(parseServerFrame(text), null);
  }
});

test("ids are well-formed and differ", () => {
  const ids = new Set(Array.from({ length: 1000 }, () => newId("c")));
  assert.equal(ids.size, 1000);
  for (const id of ids) assert.match(id, /^c-[A-Za-z0-9_-]{22}$/);
});

test("numbers are written for people", () => {
  assert.deepEqual([0, 240, 999.6, 4105, 9949, 42_400, 125_000].map(duration), ["0 ms", "240 ms", "1000 ms", "4.1 s", "9.9 s", "42 s", "2 min 5 s"]);
  assert.deepEqual(["0", "0.000420", "0.15", "0.60", "12", "2.5", "x"].map(price), ["$0", "$0.00042", "$0.15", "$0.60", "$12", "$2.50", ""]);
  assert.equal(prices("0.15", "0.60"), "$0.15 in · $0.60 out");
  assert.equal(prices("0.15", null), "$0.15 in · ? out");
  assert.equal(prices("0", "0.00"), "free");
  assert.equal(prices(null, null), null);
  assert.deepEqual([500, 8192, 128_000, 1_000_000, 1_048_576, 1_500_000].map(contextWindow), ["500", "8K", "128K", "1M", "1M", "1.5M"]);
  assert.equal(count(100_000), "100,000");
});

test("a character is one character, also where it takes two units", () => {
  assert.deepEqual(["", "abc", "🧐", "a🧐b", "🧐🧐", "\ud83e", "e\u0301"].map(characters), [0, 3, 1, 3, 2, 1, 2]);
});

test("every code has a title and an action, the unknown ones too", () => {
  const codes = ["context_too_long", "provider_rate_limited", "no_model_available", "tomorrow", "toString"];
  for (const code of codes) {
    for (const retryable of [true, false]) {
      const { title, remedies } = adviceFor(problem({ code, retryable }));
      assert.ok(title.length > 5 && remedies.length > 0, code);
    }
  }
  assert.equal(adviceFor(problem({ code: "tomorrow", retryable: true })).remedies[0], "retry");
  assert.ok(!adviceFor(problem({ code: "tomorrow", retryable: false })).remedies.includes("retry"));
});

test("sentences end where they end", () => {
  const text = "One. Two is 3.5 long! Three";
  assert.equal(text.slice(0, finishedUpTo(text, 0)), "One. Two is 3.5 long!");
  assert.equal(finishedUpTo("No end yet", 0), 0);
  assert.equal(finishedUpTo("A line\nand more", 0), 7);
  assert.equal(finishedUpTo("One. Two. ", 4), 9);
});

test("Markdown is spoken without its marks", () => {
  assert.equal(spoken("# Title\n\n- **one** and `two`\n- [link](https://example.org)"), "Title one and two link");
  assert.equal(spoken("```py\nx\n```\nafter"), "x after");
});
