// How full a model's context is: what the provider counted last, and an estimate of what came since.

import { filesOf } from "./message.ts";
import type { FilePart } from "./protocol.ts";
import type { ShownMessage } from "./thread.ts";

// As ai_studio/llm/tokens.py counts.
const BYTES_PER_TOKEN = 3;
const ENCODER = new TextEncoder();

export function tokensOf(text: string): number {
  return Math.ceil(ENCODER.encode(text).length / BYTES_PER_TOKEN);
}

function wordsOf(message: ShownMessage): string {
  return message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}

// As chat/prompt.py counts pictures, and chat/files/inspecting.py cuts texts. How much text there is in other files, only the server knows.
const IMAGE_TOKENS = 1_600;
const MOST_BYTES = 200_000;

function tokensOfFiles(files: readonly FilePart[]): number {
  return files.reduce((sum, { mediaType, size }) => {
    if (mediaType.startsWith("image/")) return sum + IMAGE_TOKENS;
    return /^text\/|json$/.test(mediaType) ? sum + Math.ceil(Math.min(size, MOST_BYTES) / BYTES_PER_TOKEN) : sum;
  }, 0);
}

export interface Filled {
  tokens: number;
  /** From 0 to 1 and above. */
  share: number;
}

// With every key that is typed all of them are asked for.
const counted = new WeakMap<ShownMessage, number>();

function tokensOfMessage(message: ShownMessage): number {
  if (message.role === "transition" || message.generation?.status === "failed") return 0;
  const known = counted.get(message);
  if (known !== undefined) return known;
  const tokens = tokensOf(wordsOf(message)) + tokensOfFiles(filesOf(message.parts));
  counted.set(message, tokens);
  return tokens;
}

/** With the summary of the least that leaves room for the rest, as chat/prompt.py chooses; null without any. */
function withSummary(messages: readonly ShownMessage[], rest: number, window: number): number | null {
  let tokens = rest;
  let found: number | null = null;
  for (const message of messages.toReversed()) {
    const summarised = message.summary == null ? null : tokens + message.summary.tokens;
    if (summarised !== null && (found === null || summarised <= window)) found = summarised;
    tokens += tokensOfMessage(message);
  }
  return found;
}

/** What would be sent now with `draft` and `files`, of `window` tokens. */
export function filled(messages: readonly ShownMessage[], draft: string, window: number, files: readonly FilePart[] = []): Filled {
  const rest = (draft === "" ? 0 : tokensOf(draft)) + tokensOfFiles(files);
  let tokens = rest;
  for (const message of messages.toReversed()) {
    // What a merged answer was made from is not sent again, nor what was said of one that was asked for again.
    const alone = !message.generation?.merged_from?.length && message.generation?.guidance == null;
    const metadata = alone ? message.generation?.metadata : undefined;
    if (metadata?.input_tokens != null && metadata.output_tokens != null) {
      tokens += metadata.input_tokens + metadata.output_tokens - (metadata.reasoning_tokens ?? 0);
      break;
    }
    tokens += tokensOfMessage(message);
  }
  if (tokens > window) tokens = Math.min(tokens, withSummary(messages, rest, window) ?? tokens);
  return { tokens, share: tokens / window };
}
