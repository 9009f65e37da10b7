// Closes the marks that the growing end of a text has left open, so that no "**" flashes up before its partner arrives.

const BOUNDARY = /\n(?=\s*\n|\s*(?:[-*+]|\d+[.)]|>|#{1,6})\s)/g;

// The last stretch of inline text: marks don't reach over a blank line, nor into the next list item.
function lastStretch(text: string): number {
  let at = 0;
  for (const match of text.matchAll(BOUNDARY)) at = match.index + 1;
  return at;
}

const OPEN_MATHS = /\\\((?![\s\S]*\\\))|\\\[(?![\s\S]*\\\])|\$\$(?!\$)(?![\s\S]*\$\$)/;

// Half a formula is not readable: it appears when it is complete.
function withoutOpenMaths(text: string): string {
  const displays = text.match(/\$\$/g)?.length ?? 0;
  const match = OPEN_MATHS.exec(text);
  if (match === null || (match[0] === "$$" && displays % 2 === 0)) return text;
  return text.slice(0, match.index);
}

// "[text](https://exam" shows its text; the address comes with its closing parenthesis.
function withoutOpenLink(text: string): string {
  return text.replace(/!?\[([^[\]\n]*)\]\([^()\n]*$/, "$1");
}

function openCodeSpan(text: string): string | null {
  let open: string | null = null;
  for (const [run] of text.matchAll(/`+/g)) {
    if (open === null) open = run;
    else if (open === run) open = null;
  }
  return open;
}

const CODE_SPAN = /(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g;

const EMPHASIS = /(?<![*\\])\*(?![*\s])|(?<![*\s\\])\*(?!\*)/g;
const STRONG = /(?<!\\)\*\*/g;
const STRUCK = /~~/g;

function closed(text: string, mark: string, pattern: RegExp): string {
  const prose = text.replaceAll(CODE_SPAN, (span) => " ".repeat(span.length));
  const count = prose.match(pattern)?.length ?? 0;
  if (count % 2 === 0) return text;
  const bare = text.trimEnd();
  return bare.endsWith(mark) ? bare.slice(0, -mark.length) : bare + mark;
}

/** The raw text of a block that is still growing, as it should look now. */
export function closeOpenMarks(raw: string): string {
  const at = lastStretch(raw);
  const stretch = withoutOpenLink(withoutOpenMaths(raw.slice(at)));
  const code = openCodeSpan(stretch);
  if (code !== null) {
    const bare = stretch.trimEnd();
    return raw.slice(0, at) + (bare.endsWith(code) ? bare.slice(0, -code.length) : stretch + code);
  }
  const item = /^\s*\*\s/.exec(stretch)?.[0] ?? "";
  // "*" first: in "**bold *both" the inner mark is closed before the outer one.
  const emphasised = closed(stretch.slice(item.length), "*", EMPHASIS);
  return raw.slice(0, at) + item + closed(closed(emphasised, "**", STRONG), "~~", STRUCK);
}
