// The text in the composer. It belongs to a session, and stays with it over reloads.

import { effect, signal } from "@preact/signals";
import { keepDraft, NEW_CHAT, readDraft } from "../core/drafts.ts";
import { openSession } from "../app/store.ts";
import { ownLocal } from "../transport/own.ts";
import { focusComposer } from "./screen.ts";

const KEEP_AFTER = 300;

export const draft = signal("");

/** Whose text it is: a session, or the chat that has not begun. */
export const owner = signal(NEW_CHAT);
let timer: ReturnType<typeof setTimeout> | undefined;

function keep(): void {
  clearTimeout(timer);
  timer = undefined;
  keepDraft(ownLocal, owner.peek(), draft.peek());
}

export function write(text: string): void {
  draft.value = text;
  timer ??= setTimeout(keep, KEEP_AFTER);
}

/** The text has been sent; a session that began with it starts with an empty composer. */
export function clearDraft(): void {
  draft.value = "";
  keep();
}

export function putIntoComposer(text: string): void {
  const before = draft.peek();
  write(before.trim() === "" ? text : `${text}\n\n${before}`);
  focusComposer();
}

export function startDrafts(): void {
  effect(() => {
    const next = openSession.value ?? NEW_CHAT;
    if (timer !== undefined) keep();
    owner.value = next;
    draft.value = readDraft(ownLocal, next);
  });
  window.addEventListener("pagehide", keep);
}
