// What a screen reader is told while an answer is written: whole sentences, not tokens.

const END = /[.!?…。！？](?=\s)|\n/g;

/** How much of `text` after `from` ends with a finished sentence; `from` when none does. */
export function finishedUpTo(text: string, from: number): number {
  let end = from;
  END.lastIndex = from;
  for (let match = END.exec(text); match !== null; match = END.exec(text)) end = match.index + match[0].length;
  return end;
}

/** Markdown as it would be spoken: no marks, links by their text, code blocks by a word. */
export function spoken(markdown: string): string {
  return markdown
    .replaceAll(/^ {0,3}(`{3,}|~{3,}).*$/gm, "")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/^ {0,3}(?:#{1,6}|>|[-*+]|\d+[.)])\s+/gm, "")
    .replaceAll(/(\*\*|__|~~|\*|`)/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
