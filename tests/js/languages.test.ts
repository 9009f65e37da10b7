import assert from "node:assert/strict";
import { test } from "node:test";

import { said, t } from "../../static/src/core/t.ts";
import { catalogues, sentencesIn, sentencesOfErrors, sentencesOfThePage } from "./sentences.ts";

const page = sentencesOfThePage();
const needed = new Set([...page.keys, ...sentencesOfErrors()]);
const placesIn = (text: string): string => [...new Set(text.match(/\{\w+\}/g))].sort().join(" ");

test("every sentence that people read goes through t", () => {
  assert.deepEqual(page.bare, []);
});

test("a sentence that does not go through t is found, in text, in attributes, and around values", () => {
  const source = 'const a = <p title="Old thing">Hello you {name}</p>; f(`${name} has left`); const c = cond ? "Too late" : t("Known");';
  const { keys, bare } = sentencesIn(source, "Some.tsx");
  assert.deepEqual([...keys], ["Known"]);
  assert.deepEqual(bare.toSorted(), ["Some.tsx: Hello you ", "Some.tsx: Old thing", "Some.tsx: Too late", "Some.tsx: … has left"]);
});

for (const [language, catalogue] of catalogues()) {
  test(`${language} has every sentence of the page and of the errors, and no other`, () => {
    assert.deepEqual([...needed].filter((key) => !Object.hasOwn(catalogue, key)), []);
    assert.deepEqual(Object.keys(catalogue).filter((key) => !needed.has(key)), []);
  });

  test(`${language} keeps the values, and has a form for each plural`, () => {
    const rules = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(catalogue)) {
      const forms = typeof entry === "string" ? { other: entry } : entry;
      assert.equal(typeof entry === "object", key.includes("|"), key);
      assert.ok(forms["other"], key);
      assert.ok(Object.keys(forms).every((rule) => (rules as string[]).includes(rule)), key);
      for (const form of Object.values(forms)) if (form !== forms["one"] && form !== forms["zero"]) assert.equal(placesIn(form), placesIn(key), key);
    }
  });
}

test("English counts, and writes numbers as its readers do", () => {
  assert.equal(t("Chat archived.|{count} chats archived.", { count: 1 }), "Chat archived.");
  assert.equal(t("Chat archived.|{count} chats archived.", { count: 1200 }), "1,200 chats archived.");
});

test("what has no value stays as it is written", () => {
  assert.equal(t("Such as {topic}"), "Such as {topic}");
});

test("a sentence of the server that no catalogue knows is shown as it came", () => {
  assert.equal(said({ text: "One | two {three}" }), "One | two {three}");
  assert.equal(said({ text: "20 MB fit.", sentence: "{limit} MB fit.", values: { limit: 20 } }), "20 MB fit.");
});
