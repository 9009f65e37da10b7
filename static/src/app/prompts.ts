// The saved prompts that can be used: the team's, and one's own, which can be changed.

import { signal } from "@preact/signals";
import { inOrder, type PromptContent, type SavedPrompt } from "../core/prompts.ts";
import type { Id } from "../core/protocol.ts";
import { said } from "../core/t.ts";
import { deletePrompt, getPrompts, putPrompt } from "../transport/prompts.ts";
import { RequestFailed } from "../transport/rest.ts";

const FRESH_FOR = 10_000;

export const prompts = signal<readonly SavedPrompt[]>([]);

let readAt = -FRESH_FOR;

/** Reads them, unless that was done a moment ago. What was read before still serves when it can't be done. */
export async function refreshPrompts(): Promise<void> {
  if (performance.now() - readAt < FRESH_FOR) return;
  readAt = performance.now();
  try {
    prompts.value = inOrder((await getPrompts()).prompts);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    readAt = -FRESH_FOR;
  }
}

const without = (id: Id | null): SavedPrompt[] => prompts.peek().filter((other) => other.id !== id);

/** What went wrong with it, in words; null when it is done. */
async function attempt(done: () => Promise<readonly SavedPrompt[]>): Promise<string | null> {
  try {
    prompts.value = inOrder(await done());
    return null;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return said(error.problem);
  }
}

export function savePrompt(id: Id | null, content: PromptContent): Promise<string | null> {
  return attempt(async () => {
    const saved = await putPrompt(id, content);
    return [...without(saved.id), saved];
  });
}

export function removePrompt(id: Id): Promise<string | null> {
  return attempt(async () => {
    await deletePrompt(id);
    return without(id);
  });
}
