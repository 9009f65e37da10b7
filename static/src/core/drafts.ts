// What was typed and not sent, one text per session.

import { keptBySession, type TextStore } from "./bySession.ts";

/** Where the draft of a chat that has no session yet is kept. */
export const NEW_CHAT = "new";

const kept = keptBySession("chat-studio.drafts", 50, (value): value is string => typeof value === "string");

export const readDraft = (store: TextStore, session: string): string => kept.read(store, session) ?? "";

/** An empty one is forgotten. */
export const keepDraft = (store: TextStore, session: string, text: string): void => kept.keep(store, session, text.trim() === "" ? undefined : text);
