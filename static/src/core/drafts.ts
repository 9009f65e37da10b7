// What was typed and not sent, one text per session. The oldest leave when there are too many.

/** The part of Web Storage that is used; it may throw when it is full or forbidden. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const KEY = "chat-studio.drafts";
const MOST = 50;

/** Where the draft of a chat that has no session yet is kept. */
export const NEW_CHAT = "new";

function readAll(store: TextStore): [string, string][] {
  try {
    const drafts: unknown = JSON.parse(store.getItem(KEY) ?? "[]");
    return Array.isArray(drafts) ? drafts.filter(isDraft) : [];
  } catch {
    return [];
  }
}

function isDraft(value: unknown): value is [string, string] {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "string";
}

export function readDraft(store: TextStore, session: string): string {
  return readAll(store).find(([key]) => key === session)?.[1] ?? "";
}

/** Keeps a draft; an empty one is forgotten. A store that refuses costs the draft, never the typing. */
export function keepDraft(store: TextStore, session: string, text: string): void {
  const others = readAll(store).filter(([key]) => key !== session);
  const drafts = text.trim() === "" ? others : [...others, [session, text] as const];
  try {
    if (drafts.length === 0) store.removeItem(KEY);
    else store.setItem(KEY, JSON.stringify(drafts.slice(-MOST)));
  } catch {
    return;
  }
}
