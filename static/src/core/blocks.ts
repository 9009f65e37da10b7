// Markdown that grows: finished blocks are frozen, only the tail is lexed again.

import { Lexer, type Token, type Tokens } from "marked";
import { options } from "./dialect.ts";

export interface Block {
  /** The offset of the block in the text: unique, and the same in every version that has this block. */
  start: number;
  raw: string;
  token: Token;
}

/** Reference links ("[a]: https://…") that were defined so far. */
type Links = Lexer["tokens"]["links"];

export interface Blocks {
  text: string;
  frozen: readonly Block[];
  tail: readonly Block[];
  links: Links;
}

// A block can still change while another one begins after it (a list item may follow the paragraph). Freezing all but the
// last two was wrong in 3 of 3,000 random documents, all but the last one in 412; completion heals what is left.
const KEPT = 2;

export const NO_BLOCKS: Blocks = { text: "", frozen: [], tail: [], links: {} };

/** What one reading of a text found, with the offset of each token. */
interface Reading {
  blocks: Block[];
  definitions: { start: number; tag: string; link: Links[string] }[];
}

function read(text: string, from: number, links: Links): Reading {
  const lexer = new Lexer(options);
  Object.assign(lexer.tokens.links, links);
  const reading: Reading = { blocks: [], definitions: [] };
  let start = from;
  for (const token of lexer.lex(text)) {
    if (token.type === "def") {
      const { tag, href, title } = token as Tokens.Def;
      reading.definitions.push({ start, tag, link: { href, title } });
    } else if (token.type !== "space") {
      reading.blocks.push({ start, raw: token.raw, token });
    }
    start += token.raw.length;
  }
  return reading;
}

// A definition in the tail may still grow, and the first one of a name wins: only those before it are kept.
function withDefinitions(links: Links, { definitions }: Reading, before: number): Links {
  const settled = definitions.filter(({ start }) => start < before);
  if (settled.length === 0) return links;
  return { ...Object.fromEntries(settled.toReversed().map(({ tag, link }) => [tag, link])), ...links };
}

// The lexer does this too; done before it, the offsets are right, also when "\r" and "\n" come in two deltas.
function withoutReturns(text: string): string {
  return text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text;
}

/** The whole text at once: what a stored message shows, and what heals a streamed one. */
export function blocksOf(source: string): Blocks {
  const text = withoutReturns(source);
  const reading = read(text, 0, {});
  return { text, frozen: reading.blocks, tail: [], links: withDefinitions({}, reading, Infinity) };
}

/** The blocks of a text that begins with the text of `before`; another text is lexed anew. */
export function growBlocks(before: Blocks, source: string): Blocks {
  const text = withoutReturns(source);
  if (text === before.text) return before;
  if (!text.startsWith(before.text)) return growBlocks(NO_BLOCKS, text);
  const from = before.tail[0]?.start ?? endOf(before);
  const reading = read(text.slice(from), from, before.links);
  const { blocks } = reading;
  const settled = Math.max(0, blocks.length - KEPT);
  return {
    text,
    frozen: settled === 0 ? before.frozen : [...before.frozen, ...blocks.slice(0, settled)],
    tail: blocks.slice(settled),
    links: withDefinitions(before.links, reading, blocks[settled]?.start ?? from),
  };
}

function endOf(blocks: Blocks): number {
  const last = blocks.frozen.at(-1);
  return last === undefined ? 0 : last.start + last.raw.length;
}

export function allBlocks(blocks: Blocks): readonly Block[] {
  return blocks.tail.length === 0 ? blocks.frozen : [...blocks.frozen, ...blocks.tail];
}
