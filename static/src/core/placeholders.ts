// What a saved prompt asks for: `{topic}`, or `{{topic}}`, with any name. The server knows the same rule
// (ai_studio/placeholders.py); tests/js/placeholders.json holds the two together.

const NAME = "[\\p{L}\\p{Nl}\\p{No}_][^\\s!-,./:-@\\[-^`{-~]{0,39}";
const PLACEHOLDER = new RegExp(`(?<![\${])(?:\\{\\{(?<twice>${NAME})\\}\\}|\\{(?<once>${NAME})\\})(?!\\})`, "gu");

/** A piece of the text: as it is, or a place for a value, written as `text`. */
export interface Piece {
  text: string;
  name: string | null;
}

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), name: null });
    pieces.push({ text: match[0], name: match.groups?.["twice"] ?? match.groups?.["once"] ?? null });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), name: null });
  return pieces;
}

/** What is asked for, each once, in the order of the text. */
export function namesIn(text: string): string[] {
  return [...new Set(piecesOf(text).flatMap(({ name }) => name ?? []))];
}

/** The pieces with the values in their places, literally and once. What has no value stays as it is written. */
export function filledWith(pieces: readonly Piece[], values: Readonly<Record<string, string>>): Piece[] {
  return pieces.map(({ text, name }) => ({ text: (name !== null && Object.hasOwn(values, name) && values[name]) || text, name }));
}

export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}
