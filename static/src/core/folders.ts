// Folders in folders, as the server lists them: flat, by name, each with its parent.

import type { Folder } from "./personal.ts";
import type { Id, Session } from "./protocol.ts";

/** As the server has it. */
export const MOST_LEVELS = 5;

export interface Placed {
  folder: Folder;
  /** 0 for one that lies in no other. */
  level: number;
}

/** What lies in a folder, or in none (null). One whose parent is not there lies in none. */
export function lyingIn(folders: readonly Folder[], parent: Id | null): readonly Folder[] {
  const known = new Set(folders.map(({ id }) => id));
  return folders.filter((folder) => (folder.parent !== null && known.has(folder.parent) ? folder.parent : null) === parent);
}

/** All of them, each followed by what lies in it. */
export function inOrder(folders: readonly Folder[], parent: Id | null = null, level = 0): readonly Placed[] {
  if (level === MOST_LEVELS) return [];
  return lyingIn(folders, parent).flatMap((folder) => [{ folder, level }, ...inOrder(folders, folder.id, level + 1)]);
}

/** A folder and those around it, the innermost first. */
export function around(folders: readonly Folder[], id: Id | null): readonly Folder[] {
  const line: Folder[] = [];
  let next = folders.find((folder) => folder.id === id);
  while (next !== undefined && !line.includes(next)) {
    line.push(next);
    const { parent } = next;
    next = folders.find((folder) => folder.id === parent);
  }
  return line;
}

/** Model and agent that a new chat in a folder begins with. */
export function beginsWith(folders: readonly Folder[], id: Id): { model: Id | null; agent: Id | null } {
  const line = around(folders, id);
  const said = (what: "model" | "agent"): Id | null => line.find((folder) => folder[what] !== null)?.[what]?.id ?? null;
  return { model: said("model"), agent: said("agent") };
}

/** The folders that a folder can be moved into; `moved` is null for a new one. */
export function placesFor(folders: readonly Folder[], moved: Folder | null, team: Id | undefined): readonly Placed[] {
  const below = moved === null ? [] : inOrder(folders, moved.id).map(({ level }) => level + 1);
  const height = 1 + Math.max(0, ...below);
  const isOutside = ({ id }: Folder): boolean => moved === null || !around(folders, id).includes(moved);
  return inOrder(folders).filter(({ folder, level }) => folder.team === team && isOutside(folder) && level + 1 + height <= MOST_LEVELS);
}

/** Sessions by the folder that they lie in, in their order. */
export function byFolder(sessions: readonly Session[]): ReadonlyMap<Id | null, readonly Session[]> {
  const filed = new Map<Id | null, Session[]>();
  for (const session of sessions) {
    const others = filed.get(session.folder);
    if (others === undefined) filed.set(session.folder, [session]);
    else others.push(session);
  }
  return filed;
}

/** Where a chat of the folder `id` lies once only `left` of the folders `before` are there: in the nearest one around that is. */
export function nearest(before: readonly Folder[], left: ReadonlySet<Id>, id: Id | null): Id | null {
  if (id === null || left.has(id)) return id;
  return around(before, id).find((folder) => left.has(folder.id))?.id ?? null;
}
