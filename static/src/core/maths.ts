// Maths in Markdown: $…$, $$…$$, \(…\) and \[…\] become tokens that keep the TeX untouched.

import type { TokenizerAndRendererExtension, Tokens } from "marked";

interface MathsToken extends Tokens.Generic {
  type: "maths" | "mathsBlock";
  text: string;
}

// A dollar sign opens maths only where prose would not have one: "$5 and $6" stays text.
const INLINE = /^(?:\$\$([^$]+?)\$\$|\$(?![\s$])((?:\\[^\n]|[^$\\\n])*?[^\s$\\])\$(?![\d$])|\\\(([\s\S]+?)\\\)|\\\[([\s\S]+?)\\\])/;
const BLOCK = /^ {0,3}(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])[ \t]*(?:\n+|$)/;

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function token(type: MathsToken["type"], match: RegExpExecArray): MathsToken {
  const text = match.slice(1).find((group) => group !== undefined) ?? "";
  return { type, raw: match[0], text: text.trim() };
}

/** Marked extensions; they render to placeholders (`data-maths`) whose text is the TeX. */
export const maths: TokenizerAndRendererExtension[] = [
  {
    name: "maths",
    level: "inline",
    start: (source) => {
      const at = source.search(/\$|\\[([]/);
      return at < 0 ? undefined : at;
    },
    tokenizer: (source) => {
      const match = INLINE.exec(source);
      return match === null ? undefined : token("maths", match);
    },
    renderer: (token) => {
      const display = /^(?:\$\$|\\\[)/.test(token.raw);
      return `<span data-maths="${display ? "display" : "inline"}">${escapeText((token as MathsToken).text)}</span>`;
    },
  },
  {
    name: "mathsBlock",
    level: "block",
    start: (source) => {
      const at = source.search(/(?:^|\n) {0,3}(?:\$\$|\\\[)/);
      return at < 0 ? undefined : at;
    },
    tokenizer: (source) => {
      const match = BLOCK.exec(source);
      return match === null ? undefined : token("mathsBlock", match);
    },
    renderer: (token) => `<div data-maths="display">${escapeText((token as MathsToken).text)}</div>\n`,
  },
];
