import type { PromptContent, SavedPrompt } from "../core/prompts.ts";
import type { Id } from "../core/protocol.ts";
import { get, request } from "./rest.ts";

export const getPrompts = (): Promise<{ prompts: readonly SavedPrompt[] }> => get("prompts");

/** Writes a new one, or changes the one of the `id`. */
export async function putPrompt(id: Id | null, content: PromptContent): Promise<SavedPrompt> {
  const { name, title, text } = content;
  const response = await request(id === null ? "POST" : "PUT", id === null ? "prompts" : `prompts/${id}`, { name, title, text });
  return (await response.json()) as SavedPrompt;
}

export async function deletePrompt(id: Id): Promise<void> {
  await request("DELETE", `prompts/${id}`);
}
