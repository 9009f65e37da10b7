// What is being done with saved prompts, in a dialog over the page.

import { signal } from "@preact/signals";
import { removePrompt, savePrompt } from "../../app/prompts.ts";
import { notice } from "../../app/store.ts";
import { namesIn } from "../../core/placeholders.ts";
import { type PromptContent, promptOf, type SavedPrompt } from "../../core/prompts.ts";
import type { Id } from "../../core/protocol.ts";
import { t } from "../../core/t.ts";
import { caret, insert, type Place } from "../insertion.ts";
import { focusComposerUnlessTouched } from "../screen.ts";

/** A prompt that is written: a new one when there is no `id`. `back`: the list follows it. */
export interface Writing {
  id: Id | null;
  content: PromptContent;
  back: boolean;
}

export type PromptTask = { listing: true } | { writing: Writing } | { filling: SavedPrompt; place: Place };

export const promptTask = signal<PromptTask | null>(null);

/** What was just done in the list, and the way back. */
export const said = signal<{ text: string; label: string; perform(): void } | null>(null);

const NOTHING: PromptContent = { name: "", title: "", text: "" };

export function showPrompts(): void {
  said.value = null;
  promptTask.value = { listing: true };
}

/** The focus goes back to where it was; that may be gone by now. */
export function closePrompts(): void {
  promptTask.value = null;
  setTimeout(() => { if (document.activeElement === document.body) focusComposerUnlessTouched(); });
}

export function writeNew(): void {
  promptTask.value = { writing: { id: null, content: NOTHING, back: true } };
}

export function edit({ id, name, title, text }: SavedPrompt): void {
  promptTask.value = { writing: { id, content: { name, title, text }, back: true } };
}

/** Begins a prompt with what somebody wrote in a message. */
export function saveAsPrompt(text: string): void {
  promptTask.value = { writing: { id: null, content: promptOf(text), back: false } };
}

/** What went wrong, in words; null when it is saved. */
export async function finish({ id, back }: Writing, content: PromptContent): Promise<string | null> {
  const problem = await savePrompt(id, content);
  if (problem !== null) return problem;
  if (back) showPrompts();
  else {
    closePrompts();
    notice.value = { text: t("Saved. Type /{name} at the start of a message to use it.", { name: content.name }) };
  }
  return null;
}

/** Leaves what is being written. It is not lost: the list leads back to it. */
export function leave(writing: Writing, content: PromptContent): void {
  const changed = (["name", "title", "text"] as const).some((field) => content[field] !== writing.content[field]);
  if (writing.back || changed) showPrompts();
  else closePrompts();
  if (!changed) return;
  const goOn = (): void => { promptTask.value = { writing: { ...writing, content } }; };
  said.value = { text: t("What you wrote is not saved."), label: t("Go on writing"), perform: goOn };
}

export async function remove(prompt: SavedPrompt): Promise<void> {
  const problem = await removePrompt(prompt.id);
  said.value = problem === null
    ? { text: t("/{name} is deleted.", { name: prompt.name }), label: t("Undo"), perform: () => void bringBack(prompt) }
    : { text: problem, label: t("Try again"), perform: () => void remove(prompt) };
}

async function bringBack(prompt: SavedPrompt): Promise<void> {
  const problem = await savePrompt(null, prompt);
  said.value = problem === null ? null : { text: problem, label: t("Try again"), perform: () => void bringBack(prompt) };
}

/** What was typed for the values of a prompt, until it is used: a press beside the dialog loses nothing. */
export const typedFor = new Map<Id, Readonly<Record<string, string>>>();

/** Puts a prompt into the message, after asking for what it needs. */
export function usePrompt(prompt: SavedPrompt, place: Place): void {
  if (namesIn(prompt.text).length > 0) promptTask.value = { filling: prompt, place };
  else putIn(prompt.text, place);
}

export function useAtCaret(prompt: SavedPrompt): void {
  usePrompt(prompt, caret());
}

/** Once the dialog is gone: until then nothing behind it can have the focus. */
export function putIn(text: string, place: Place): void {
  promptTask.value = null;
  setTimeout(() => insert(text, place));
}

