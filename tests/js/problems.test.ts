// A problem that the server tells, as somebody reads it whose page is in another language.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Problem } from "../../static/src/core/protocol.ts";
import { catalogues } from "./sentences.ts";

const portuguese = catalogues().get("pt-br") ?? {};
Object.assign(globalThis, { catalogue: portuguese, document: { documentElement: { lang: "pt-br" } } });
Object.defineProperty(globalThis, "navigator", { value: { languages: ["pt-BR"] } });
const { said } = await import("../../static/src/core/t.ts");

const problem = (text: string, more: Partial<Problem> = {}): Problem => ({ code: "any", text, retryable: false, retry_after: null, ...more });

test("a sentence without details is looked up as it is", () => {
  assert.equal(said(problem("This file is empty.")), "Este arquivo está vazio.");
});

test("one with details is said with its values, numbers as the reader writes them", () => {
  const sentence = "The message has {length} characters; {limit} are allowed. Shorten it, or split it.";
  const told = problem("The message has 40,001 characters; 32,000 are allowed. Shorten it, or split it.", { sentence, values: { length: 40_001, limit: 32_000 } });
  assert.equal(said(told), "A mensagem tem 40.001 caracteres; o limite é 32.000. Encurte-a, ou divida-a.");
});

test("the form goes by the count", () => {
  const sentence = "A message takes {count} file. Send several messages.|A message takes {count} files. Take some out, or send several messages.";
  assert.equal(said(problem("…", { sentence, values: { count: 1 } })), "Uma mensagem aceita 1 arquivo. Envie várias mensagens.");
  assert.equal(said(problem("…", { sentence, values: { count: 10 } })), "Uma mensagem aceita 10 arquivos. Remova alguns, ou envie várias mensagens.");
});

test("what is meant for programs is said in general", () => {
  const sentence = "This command lacks something or has a field of the wrong kind. Reload the page.";
  const told = problem("`seq` must be a whole number from 0.", { sentence, values: {} });
  assert.equal(said(told), "Falta algo neste comando, ou um campo é do tipo errado. Recarregue a página.");
});

test("what the catalogue does not know yet is shown as it came", () => {
  assert.equal(said(problem("3 | {new} things", { sentence: "{count} | things", values: { count: 3 } })), "3 | {new} things");
});
