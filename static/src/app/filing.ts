// Folders that go, here or in another tab: what lay in one lies in the one around it.

import { batch, effect, untracked } from "@preact/signals";
import { nearest } from "../core/folders.ts";
import type { Folder } from "../core/personal.ts";
import type { Id } from "../core/protocol.ts";
import { folderPages, folders, sessions } from "./store.ts";

function refile(before: readonly Folder[], left: ReadonlySet<Id>): void {
  const gone = before.filter(({ id }) => !left.has(id));
  const places = new Map(gone.map(({ id }) => [id, nearest(before, left, id)]));
  const isKnown = (id: Id): boolean => left.has(id) && ![...places.values()].includes(id);
  batch(() => {
    sessions.value = sessions.peek().map((session) => (
      session.folder !== null && places.has(session.folder) ? { ...session, folder: places.get(session.folder) ?? null } : session
    ));
    // There may be more in it now than what had been read of the one that is gone: its first page is read again.
    folderPages.value = new Map([...folderPages.peek()].filter(([id]) => isKnown(id)));
  });
}

export function startFiling(): void {
  let before = folders.peek();
  effect(() => {
    const left = new Set(folders.value.map(({ id }) => id));
    if (before.some(({ id }) => !left.has(id))) untracked(() => refile(before, left));
    before = folders.value;
  });
}
