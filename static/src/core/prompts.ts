// Saved prompts: found by what is typed behind a slash, and named after a message.

import type { Id } from "./protocol.ts";

export interface PromptContent {
  /** What is typed behind the slash. */
  name: string;
  title: string;
  text: string;
}

export interface SavedPrompt extends PromptContent {
  id: Id;
  owner: "team" | "user";
}

const SLASH = /^\/([^\s/]{0,40})$/;
const NAME_CHARACTERS = 40;
const TITLE_CHARACTERS = 60;
const WORDS = 4;

/** What is looked for by the text before the caret; null when that is no slash and a word at the start. */
export function slashQuery(before: string): string | null {
  return SLASH.exec(before)?.[1]?.toLowerCase() ?? null;
}

/** Those whose name begins with the query, then those that have it in name or title. */
export function promptsFor(prompts: readonly SavedPrompt[], query: string): SavedPrompt[] {
  const first = prompts.filter(({ name }) => name.startsWith(query));
  const others = prompts.filter(({ name, title }) => !name.startsWith(query) && `${name} ${title.toLowerCase()}`.includes(query));
  return [...first, ...others];
}

/** By name; one's own before the team's of the same name. */
export function inOrder(prompts: readonly SavedPrompt[]): SavedPrompt[] {
  const key = ({ name, owner }: SavedPrompt): string => `${name} ${owner === "user" ? 0 : 1}`;
  return prompts.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What is typed, as a name can be: `Sum up!` is `sum-up`. */
export function asName(typed: string): string {
  const plain = typed.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain.replaceAll(/[\s_]+/g, "-").replaceAll(/[^a-z0-9-]/g, "").slice(0, NAME_CHARACTERS);
}

/** A prompt made of a message, for its writer to go over. */
export function promptOf(text: string): PromptContent {
  const line = text.trim().split("\n", 1)[0]?.trim() ?? "";
  const name = asName(line.split(/\s+/, WORDS).join(" ")).replaceAll(/^-+|-+$/g, "");
  return { name, title: line.length > TITLE_CHARACTERS ? `${line.slice(0, TITLE_CHARACTERS - 1).trimEnd()}…` : line, text };
}
