// What people read, in their language. The English sentence stands in the code and is the key; another language's catalogue
// (static/src/languages) is a script that the server writes into the page before this one.

import type { Problem } from "./protocol.ts";

export type Forms = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

declare global {
  var catalogue: Readonly<Record<string, Forms>> | undefined;
}

const known = globalThis.catalogue ?? {};
const language = globalThis.document?.documentElement.lang || "en";

/** The language of the page, as the reader's region writes numbers and dates. */
export const locale = navigator.languages.find((one) => one.startsWith(language.slice(0, 2))) ?? language;

const rules = new Intl.PluralRules(language);

/** `{name}` stands for a value. Where `count` decides, the sentence for one comes before the one for others: "{count} day|{count} days". */
export function t(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  const rule = rules.select(values["count"] as number);
  const [one, others = one] = text.split("|");
  const said = known[text] ?? (rule === "one" ? one : others) as string;
  const form = typeof said === "string" ? said : (said[rule] ?? said.other ?? text);
  return form.replace(/\{(\w+)\}/g, (place, name: string) => values[name]?.toLocaleString(locale) ?? place);
}

/** What the server says about a problem. `text` is the English of `sentence`, a key like any other, with its values. */
export function said({ text, sentence = text, values }: Pick<Problem, "text" | "sentence" | "values">): string {
  return known[sentence] ? t(sentence, values) : text;
}
