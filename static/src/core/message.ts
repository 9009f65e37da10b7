// What a message says, and who said it.

import type { FilePart, Generation, Part, SourcePart } from "./protocol.ts";

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
