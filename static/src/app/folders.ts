// Folders and their sessions, as they are read; and which chats are chosen. What changes them is in organising.ts.

import { batch } from "@preact/signals";
import type { Id } from "../core/protocol.ts";
import { upsert } from "../core/sessions.ts";
import { getFolders, getShelf, RequestFailed } from "../transport/rest.ts";
import { folderPages, folders, selected, sessions, tags } from "./store.ts";
import { showProblem } from "./listing.ts";

/** Whether they could be read. */
export async function refreshFolders(): Promise<boolean> {
  try {
    const known = await getFolders();
    batch(() => {
      folders.value = known.folders;
      tags.value = known.tags;
    });
    return true;
  } catch (error) {
    // The list of folders that was read before still serves.
    if (!(error instanceof RequestFailed)) throw error;
    return false;
  }
}

/** Reads the next page of a folder's sessions; the first one when nothing of it was read. */
export async function readFolder(folder: Id): Promise<void> {
  try {
    const page = await getShelf({ folder }, folderPages.peek().get(folder) ?? null);
    batch(() => {
      sessions.value = upsert(sessions.peek(), page.sessions);
      folderPages.value = new Map([...folderPages.peek(), [folder, page.next]]);
    });
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    showProblem(error.problem);
  }
}

export function select(id: Id, on: boolean): void {
  const others = [...(selected.peek() ?? [])].filter((other) => other !== id);
  selected.value = new Set(on ? [...others, id] : others);
}
