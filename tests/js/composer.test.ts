import assert from "node:assert/strict";
import { test } from "node:test";

import { csvOf, fileNameOf } from "../../static/src/core/export.ts";
import { filled, tokensOf } from "../../static/src/core/gauge.ts";
import { recall } from "../../static/src/core/history.ts";
import { answer, generation, userMessage } from "./frames.ts";

test("the arrows go back through what was sent, and forward again", () => {
  const sent = ["one", "two", "two", "three"];
  assert.deepEqual(recall(sent, -1, true), { index: 0, text: "three" });
  assert.deepEqual(recall(sent, 0, true), { index: 1, text: "two" });
  assert.deepEqual(recall(sent, 1, true), { index: 2, text: "one" });
  assert.equal(recall(sent, 2, true), null);
  assert.deepEqual(recall(sent, 0, false), { index: -1, text: "" });
  assert.equal(recall(sent, -1, false), null);
  assert.equal(recall([], -1, true), null);
});

test("the gauge takes what the provider counted last, and estimates what came since", () => {
  const counted = answer({ generation: generation({ status: "completed", metadata: { input_tokens: 900, output_tokens: 100, reasoning_tokens: 40 } }) });
  assert.deepEqual(filled([userMessage(), counted], "", 1000), { tokens: 960, share: 0.96 });
  const since = [userMessage(), counted, userMessage({ id: "u-2", parts: [{ type: "text", text: "é".repeat(30) }] })];
  assert.equal(filled(since, "abc", 1000).tokens, 960 + 20 + 1);
  assert.deepEqual(filled([], "", 1000), { tokens: 0, share: 0 });
  assert.equal(tokensOf("abcd"), 2);
});

test("the gauge counts with a summary once the text no longer fits", () => {
  const summary = (tokens: number) => ({ text: "They met.", tokens, model: "Story", created_at: "2026-11-23T09:30:00Z" });
  const said = (id: string, words: number, changes = {}) => answer({ id, parts: [{ type: "text", text: "x".repeat(3 * words) }], generation: null, ...changes });
  const chat = [said("a-1", 400, { summary: summary(50) }), said("a-2", 300, { summary: summary(60) }), said("a-3", 200)];
  assert.equal(filled(chat, "", 900).tokens, 900);
  assert.equal(filled(chat, "", 899).tokens, 50 + 300 + 200);
  assert.equal(filled(chat, "", 549).tokens, 60 + 200);
  assert.equal(filled(chat, "", 100).tokens, 60 + 200);
  assert.equal(filled([said("a-1", 400)], "", 100).tokens, 400);
  const counted = answer({ generation: generation({ status: "completed", metadata: { input_tokens: 900, output_tokens: 100 } }) });
  assert.equal(filled([said("a-0", 400, { summary: summary(50) }), counted], "", 999).tokens, 50);
});

test("the gauge counts pictures and texts, and can't know the rest", () => {
  const file = (mediaType: string, size: number) => ({ type: "file", attachment: "f", url: "/f", filename: "f", mediaType, size } as const);
  const files = [file("image/png", 5_000_000), file("text/markdown", 300), file("application/json", 9_000_000), file("application/pdf", 300)];
  assert.equal(filled([], "", 1000, files).tokens, 1_600 + 100 + 66_667);
  assert.equal(filled([userMessage({ parts: [files[0]!, { type: "text", text: "abc" }] })], "", 1000).tokens, 1_601);
});

test("what failed is not read by the next model", () => {
  const failed = answer({ parts: [{ type: "text", text: "x".repeat(300) }], generation: generation({ status: "failed" }) });
  assert.equal(filled([userMessage({ parts: [{ type: "text", text: "abc" }] }), failed], "", 1000).tokens, 1);
});

test("a table becomes a CSV that no spreadsheet runs", () => {
  assert.equal(csvOf([["a", "b, c", 'say "x"'], ["1", "two\nlines", " 3 "]]), 'a,"b, c","say ""x"""\r\n1,"two\nlines",3\r\n');
  assert.equal(csvOf([["=HYPERLINK(1)", "+1", "-5.2%", "@x", "-x", "+1+cmd"]]), "'=HYPERLINK(1),+1,-5.2%,'@x,'-x,'+1+cmd\r\n");
});

test("a file is named by its language, and by nothing else that a model wrote", () => {
  assert.equal(fileNameOf("Python"), "code.py");
  assert.equal(fileNameOf("../../etc/passwd"), "code.txt");
  assert.equal(fileNameOf("constructor"), "code.txt");
  assert.equal(fileNameOf(""), "code.txt");
});

test("what a merged answer was made from is not sent again, so the gauge does not count it", () => {
  const merged_from = [{ message: "a-1", model: "Story" }, { message: "a-2", model: "Echo" }];
  const merged = answer({ parts: [{ type: "text", text: "x".repeat(30) }], generation: generation({ status: "completed", merged_from, metadata: { input_tokens: 900, output_tokens: 10 } }) });
  assert.equal(filled([userMessage({ parts: [{ type: "text", text: "x".repeat(60) }] }), merged], "", 1000).tokens, 20 + 10);
});
