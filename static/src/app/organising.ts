// Changing the order of sessions: folders, pins, the archive, many at once. What is done here shows at once, and is taken back when it can't be.

import type { Folder } from "../core/personal.ts";
import type { Id, Session } from "../core/protocol.ts";
import { changed, upsert } from "../core/sessions.ts";
import { locale, said, t } from "../core/t.ts";
import {
  type Change, changeFolder, changeSessions, createFolder, deleteFolder, deleteSessions, type FolderContent, restoreSessions,
} from "../transport/organise.ts";
import { RequestFailed } from "../transport/rest.ts";
import { refreshFolders } from "./folders.ts";
import { dropSession, refreshSessions, showProblem } from "./listing.ts";
import { folders, notice, sessions } from "./store.ts";

/** Runs a request; what goes wrong is said at the foot of the page. Null: it went wrong. */
async function attempt<T>(request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    showProblem(error.problem);
    return null;
  }
}

function shown(change: Change): Partial<Session> {
  return { ...change, ...(change.archived === true ? { pinned: false } : {}) };
}

/** Of what was changed, how it was before. */
function taken(change: Partial<Session>, before: Session | undefined): Partial<Session> {
  return before === undefined ? {} : Object.fromEntries(Object.keys(change).map((key) => [key, before[key as keyof Session]]));
}

/** Whether it is done. */
export async function change(ids: readonly Id[], wanted: Change, said = ""): Promise<boolean> {
  const before = new Map(sessions.peek().map((session) => [session.id, session]));
  sessions.value = changed(sessions.peek(), ids, () => shown(wanted));
  const done = await attempt(() => changeSessions(ids, wanted));
  if (done === null) {
    sessions.value = changed(sessions.peek(), ids, ({ id }) => taken(shown(wanted), before.get(id)));
    return false;
  }
  sessions.value = upsert(sessions.peek(), done.sessions);
  if (wanted.tags !== undefined) void refreshFolders();
  if (said !== "") notice.value = { text: said };
  return true;
}

export async function archive(ids: readonly Id[]): Promise<void> {
  if (!(await change(ids, { archived: true }))) return;
  const text = t("Chat archived.|{count} chats archived.", { count: ids.length });
  notice.value = { text, action: { label: t("Undo"), perform: () => void change(ids, { archived: false }) } };
}

/** Deletes; for some days they can be brought back, at once by the notice. */
export async function discardAll(ids: readonly Id[]): Promise<void> {
  const done = await attempt(() => deleteSessions(ids));
  if (done === null) return;
  done.deleted.forEach(dropSession);
  const text = t("Chat deleted.|{count} chats deleted.", { count: ids.length });
  notice.value = { text, action: { label: t("Undo"), perform: () => void restore(done.deleted) } };
}

export async function restore(ids: readonly Id[]): Promise<boolean> {
  const done = await attempt(() => restoreSessions(ids));
  if (done !== null) sessions.value = upsert(sessions.peek(), done.sessions);
  return done !== null;
}

/** The folder as it is saved, or what went wrong with it, in words. */
export async function saveFolder(id: Id | null, content: FolderContent): Promise<Folder | string> {
  try {
    const saved = await (id === null ? createFolder(content) : changeFolder(id, content));
    const all = [...folders.peek().filter((other) => other.id !== saved.id), saved];
    folders.value = all.toSorted((a, b) => a.name.localeCompare(b.name, locale));
    return saved;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return said(error.problem);
  }
}

/** Whether it is done. */
export async function removeFolder({ id }: Folder): Promise<boolean> {
  const done = await attempt(() => deleteFolder(id));
  await refreshFolders();
  void refreshSessions();
  return done !== null;
}
