// How full a model's context is: what the provider counted last, and an estimate of what came since.

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

export interface Filled {
  tokens: number;
  /** From 0 to 1 and above. */
  share: number;
}

/** What would be sent now with `draft`, of `window` tokens. */
export function filled(messages: readonly ShownMessage[], draft: string, window: number): Filled {
  let tokens = draft === "" ? 0 : tokensOf(draft);
  for (const message of messages.toReversed()) {
    const metadata = message.generation?.metadata;
    if (metadata?.input_tokens != null && metadata.output_tokens != null) {
      tokens += metadata.input_tokens + metadata.output_tokens - (metadata.reasoning_tokens ?? 0);
      break;
    }
    if (message.role !== "transition" && message.generation?.status !== "failed") tokens += tokensOf(wordsOf(message));
  }
  return { tokens, share: tokens / window };
}
