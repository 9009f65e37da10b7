// Requests about many sessions at once, and about folders.

import type { Folder } from "../core/personal.ts";
import type { Id, Session } from "../core/protocol.ts";
import { request } from "./rest.ts";

/** What is to be otherwise; a `folder` of null takes a session out of its folder. */
export interface Change {
  folder?: Id | null;
  tags?: readonly string[];
  pinned?: boolean;
  archived?: boolean;
}

export interface FolderContent {
  name: string;
  parent: Id | null;
  model: Id | null;
  agent: Id | null;
  instructions: string;
}

async function post<T>(path: string, body: unknown, method = "POST"): Promise<T> {
  const response = await request(method, path, body);
  return (await response.json()) as T;
}

export const changeSessions = (sessions: readonly Id[], change: Change): Promise<{ sessions: readonly Session[] }> =>
  post("sessions/changed", { sessions, ...change });

export const deleteSessions = (sessions: readonly Id[]): Promise<{ deleted: readonly Id[] }> => post("sessions/deleted", { sessions });

export const restoreSessions = (sessions: readonly Id[]): Promise<{ sessions: readonly Session[] }> =>
  post("sessions/restored", { sessions });

export const createFolder = (content: FolderContent): Promise<Folder> => post("folders", content);

export const changeFolder = (id: Id, content: FolderContent): Promise<Folder> => post(`folders/${id}`, content, "PUT");

export async function deleteFolder(id: Id): Promise<void> {
  await request("DELETE", `folders/${id}`);
}
