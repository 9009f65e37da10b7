// A block of Markdown as HTML text. It is NOT safe: only the sanitiser may turn it into nodes.

import { Lexer, Parser, type Token } from "marked";
import type { Block, Blocks } from "./blocks.ts";
import { options } from "./dialect.ts";
import { closeOpenMarks } from "./marks.ts";

const parser = new Parser(options);

function render(tokens: Token[]): string {
  return parser.parse(tokens);
}

const GROWS: ReadonlySet<string> = new Set(["paragraph", "text", "list", "heading", "blockquote", "table"]);

/** The HTML of a finished block. */
export function htmlOf(block: Block): string {
  return render([block.token]);
}

/** The HTML of the last block while it grows: marks that are open are closed. */
export function htmlOfGrowing(block: Block, links: Blocks["links"]): string {
  if (!GROWS.has(block.token.type)) return htmlOf(block);
  const closed = closeOpenMarks(block.raw);
  if (closed === block.raw) return htmlOf(block);
  const lexer = new Lexer(options);
  Object.assign(lexer.tokens.links, links);
  return render(lexer.lex(closed));
}

/** The language and text of a fenced block, and whether its fence is closed; null for any other block. */
export function fenceOf(block: Block): { language: string; text: string; closed: boolean } | null {
  const { token } = block;
  if (token.type !== "code" || token.codeBlockStyle === "indented") return null;
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(token.raw)?.[1] ?? "```";
  const lastLine = token.raw.trimEnd().split("\n").slice(1).at(-1)?.trim() ?? "";
  const closed = lastLine.length >= fence.length && lastLine === fence.charAt(0).repeat(lastLine.length);
  const language = /^[\w+#.-]{1,30}/.exec(typeof token.lang === "string" ? token.lang : "")?.[0] ?? "";
  return { language, text: typeof token.text === "string" ? token.text : "", closed };
}
