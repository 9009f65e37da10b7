// What a message says, and who said it.

import type { FilePart, Generation, Message, Part, Problem, SourcePart } from "./protocol.ts";
import { t } from "./t.ts";

/** The words of a message, as Markdown. */
export function plainText(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === "text" && part.text !== "" ? [part.text] : [])).join("\n\n");
}

export function filesOf(parts: readonly Part[]): readonly FilePart[] {
  return parts.filter((part) => part.type === "file");
}

export function sourcesOf(parts: readonly Part[]): readonly SourcePart[] {
  return parts.filter((part): part is SourcePart => "sourceId" in part);
}

/** The name of the model that answered; before it is known, of the one that was chosen. */
export function answeredBy({ model, metadata }: Generation): string | null {
  return metadata.model?.name ?? model?.name ?? null;
}

/** What marks an answer that was written anew by hand. */
export function editedNote({ parts }: Message): string | null {
  const mark = parts.find((part) => part.type === "data-edited");
  if (mark === undefined) return null;
  return mark.data.model === null ? t("Edited by you.") : t("Edited by you, after {model}.", { model: mark.data.model });
}

export const INTERRUPTED: Problem = {
  code: "generation_interrupted",
  text: t("The server was restarted while this answer was being written. What came so far is kept."),
  retryable: true,
  retry_after: null,
};
