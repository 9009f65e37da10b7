// What the browser keeps for each session: one value each. The oldest leave when there are too many.

import type { Id } from "./protocol.ts";

/** The part of Web Storage that is used; it may throw when it is full or forbidden. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface BySession<T> {
  read(store: TextStore, session: Id): T | undefined;
  /** Undefined is forgotten. A store that refuses costs what a reload would have kept, never more. */
  keep(store: TextStore, session: Id, value: T | undefined): void;
}

/** Kept as text under `key`, of the last `most` sessions. What `isValue` does not know is not read. */
export function keptBySession<T>(key: string, most: number, isValue: (value: unknown) => value is T): BySession<T> {
  const isEntry = (entry: unknown): entry is [Id, T] => Array.isArray(entry) && typeof entry[0] === "string" && isValue(entry[1]);

  function readAll(store: TextStore): readonly [Id, T][] {
    try {
      const entries: unknown = JSON.parse(store.getItem(key) ?? "[]");
      return Array.isArray(entries) ? entries.filter(isEntry) : [];
    } catch {
      return [];
    }
  }

  return {
    read: (store, session) => readAll(store).find(([known]) => known === session)?.[1],
    keep(store, session, value) {
      const others = readAll(store).filter(([known]) => known !== session);
      const entries = value === undefined ? others : [...others, [session, value] as const];
      try {
        if (entries.length === 0) store.removeItem(key);
        else store.setItem(key, JSON.stringify(entries.slice(-most)));
      } catch {
        return;
      }
    },
  };
}
