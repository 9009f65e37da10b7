// Markdown without its marks: what a mail or a form wants.

import { Lexer, type Token, type Tokens } from "marked";
import { options } from "./dialect.ts";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

function withoutEntities(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => ENTITIES[name] ?? "").replaceAll(/&#(\d{1,6});/g, (found, code: string) =>
    Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : found);
}

function inline(tokens: readonly Token[] | undefined, otherwise: string): string {
  return tokens === undefined ? otherwise : tokens.map((token) => plain(token)).join("");
}

function list({ items, ordered, start }: Tokens.List): string {
  return items.map((item, index) => {
    const bullet = ordered ? `${Number(start || 1) + index}. ` : "- ";
    return bullet + blocks(item.tokens).replaceAll("\n", `\n${" ".repeat(bullet.length)}`);
  }).join("\n");
}

function plain(token: Tokens.Generic): string {
  switch (token.type) {
    case "link": {
      const text = inline(token.tokens, String(token["text"]));
      const address = token["href"] as string;
      return text === address || `mailto:${text}` === address ? text : `${text} (${address})`;
    }
    case "image":
      return `${token["text"] as string} (${token["href"] as string})`;
    case "list":
      return list(token as Tokens.List);
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].map((row) => row.map((cell) => inline(cell.tokens, cell.text)).join("\t")).join("\n");
    }
    case "blockquote":
      return blocks(token.tokens ?? []);
    case "br":
      return "\n";
    case "hr":
      return "———";
    case "code":
    case "codespan":
    case "escape":
      return token["text"] as string;
    default:
      return token.tokens === undefined ? withoutEntities((token["text"] as string | undefined) ?? token.raw) : inline(token.tokens, token.raw);
  }
}

function blocks(tokens: readonly Token[]): string {
  const spaced = tokens.filter(({ type }) => type !== "space" && type !== "def");
  // In a list item the words and a list below them stay together.
  const tight = spaced.some(({ type }) => type === "text");
  return spaced.map((token) => plain(token)).join(tight ? "\n" : "\n\n");
}

/** The words of a Markdown text, its lists with bullets, its tables with tabs, links with their address behind. */
export function withoutMarks(markdown: string): string {
  return blocks(new Lexer(options).lex(markdown)).trim();
}
