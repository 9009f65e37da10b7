// What somebody says of an answer that is asked for again.

import { t } from "./t.ts";

/** As chat/fields.py counts them. */
export const MOST_GUIDANCE = 2_000;

/** What is wanted most often. `words` is what the model reads, in the reader's language, as if it had been typed. */
export const PRESETS: readonly Readonly<{ name: string; words: string }>[] = [
  { name: t("Shorter"), words: t("Make it shorter.") },
  { name: t("More detail"), words: t("Go into more detail.") },
  { name: t("Simpler"), words: t("Say it in simpler words.") },
  { name: t("Another way"), words: t("Explain it in another way.") },
];
