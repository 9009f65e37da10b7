// Which models a chat asks side by side, until one is chosen: a tab keeps it over a reload.

import type { TextStore } from "./drafts.ts";
import type { Id } from "./protocol.ts";

const KEY = "chat-studio.compared";
const MOST = 50;

export const NOTHING_COMPARED: readonly Id[] = [];

type Kept = readonly (readonly [session: Id, models: readonly Id[]])[];

function readAll(store: TextStore): Kept {
  try {
    const kept: unknown = JSON.parse(store.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isKept) : [];
  } catch {
    return [];
  }
}

function isKept(value: unknown): value is Kept[number] {
  const [session, models] = Array.isArray(value) ? value : [];
  return typeof session === "string" && Array.isArray(models) && models.every((id) => typeof id === "string");
}

export function readCompared(store: TextStore, session: Id): readonly Id[] {
  return readAll(store).find(([key]) => key === session)?.[1] ?? NOTHING_COMPARED;
}

/** Keeps the models of the last chats. A store that refuses costs the choice at the next reload. */
export function keepCompared(store: TextStore, session: Id, models: readonly Id[]): void {
  const others = readAll(store).filter(([key]) => key !== session);
  const all = models.length === 0 ? others : [...others, [session, models] as const];
  try {
    if (all.length === 0) store.removeItem(KEY);
    else store.setItem(KEY, JSON.stringify(all.slice(-MOST)));
  } catch {
    return;
  }
}
