import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { filledWith, namesIn, piecesOf, textOf } from "../../static/src/core/placeholders.ts";
import { asName, inOrder, promptOf, promptsFor, type SavedPrompt, slashQuery } from "../../static/src/core/prompts.ts";

const EXAMPLES = JSON.parse(readFileSync(new URL("placeholders.json", import.meta.url), "utf8")) as [string, string[]][];

function prompt(name: string, title = "A title", owner: "team" | "user" = "user"): SavedPrompt {
  return { id: `${owner}-${name}`, name, title, text: "", owner };
}

test("a word in braces is asked for, as the server says", () => {
  for (const [text, names] of EXAMPLES) {
    assert.deepEqual(namesIn(text), names, text);
    assert.equal(textOf(piecesOf(text)), text);
  }
});

test("values are put in literally and once; what has none stays as it is written", () => {
  const pieces = piecesOf("{a} and {{b}} and {a}, {constructor}");
  assert.equal(textOf(filledWith(pieces, { a: "{b}\n$& $1" })), "{b}\n$& $1 and {{b}} and {b}\n$& $1, {constructor}");
  assert.equal(textOf(filledWith(pieces, { a: "1", b: "2", constructor: "3" })), "1 and 2 and 1, 3");
  assert.equal(textOf(filledWith(piecesOf("plain"), { plain: "x" })), "plain");
});

test("a slash and a word at the start look for prompts, and nothing else does", () => {
  assert.equal(slashQuery("/"), "");
  assert.equal(slashQuery("/Sum-Up"), "sum-up");
  for (const text of ["", "a/", "/sum up", "/usr/bin", " /sum", "/sum\n", `/${"x".repeat(41)}`]) assert.equal(slashQuery(text), null, text);
});

test("names that begin with the word come first, and titles are searched as well", () => {
  const all = [prompt("email"), prompt("sum"), prompt("a-sum"), prompt("reply", "Sum of an answer")];
  assert.deepEqual(promptsFor(all, "sum").map(({ name }) => name), ["sum", "a-sum", "reply"]);
  assert.equal(promptsFor(all, "").length, 4);
  assert.deepEqual(promptsFor(all, "zzz"), []);
});

test("one's own comes before the team's of the same name", () => {
  const all = [prompt("b", "", "team"), prompt("b"), prompt("a", "", "team"), prompt("a-b")];
  assert.deepEqual(inOrder(all).map(({ id }) => id), ["team-a", "user-a-b", "user-b", "team-b"]);
});

test("what is typed becomes a name", () => {
  assert.equal(asName("Sum up: Größe_2!"), "sum-up-groe-2");
  assert.equal(asName("É".repeat(50)), "e".repeat(40));
});

test("a message becomes a prompt with a name and a title of its first line", () => {
  assert.deepEqual(promptOf("\n Write a  short reply to this customer.\nDear…"), {
    name: "write-a-short-reply", title: "Write a  short reply to this customer.", text: "\n Write a  short reply to this customer.\nDear…",
  });
  assert.equal(promptOf("x".repeat(100)).title.length, 60);
  assert.deepEqual(promptOf("你好"), { name: "", title: "你好", text: "你好" });
});
