import { limits } from "../app/store.ts";
import { characters } from "../core/format.ts";

const NEARLY_FULL = 0.9;

/** Characters over the limit; negative below it. */
export function excess(text: string): number {
  const limit = limits.value.message_characters;
  return text.length < limit * NEARLY_FULL ? -Infinity : characters(text) - limit;
}
