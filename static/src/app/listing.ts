// The list of sessions: reading it, renaming.

import { batch } from "@preact/signals";
import type { Id, Problem, Session } from "../core/protocol.ts";
import { remove, upsert } from "../core/sessions.ts";
import { said } from "../core/t.ts";
import { getSessions, renameSession, RequestFailed } from "../transport/rest.ts";
import { nextSessions, notice, selected, sessions } from "./store.ts";

export function showProblem(problem: Problem): void {
  notice.value = { text: said(problem), problem };
}

/** Takes in one session; `null` leaves the list as it is. */
export async function mergeSessions(read: () => Promise<Session>, id: Id): Promise<void> {
  if (sessions.peek().some((session) => session.id === id)) return;
  sessions.value = upsert(sessions.peek(), [await read()]);
}

export function takeSession(changed: Session): void {
  sessions.value = upsert(sessions.peek(), [changed]);
}

/** The newest page: after a connection was lost, sessions may have come, changed or gone. */
export async function refreshSessions(): Promise<void> {
  try {
    const page = await getSessions(null);
    const oldest = page.sessions.at(-1)?.updated_at ?? "";
    // Of what is elsewhere, in a folder, the archive or nowhere, this page says nothing.
    const elsewhere = ({ folder, archived, temporary }: Session): boolean => folder !== null || archived || temporary;
    const isOlder = ({ updated_at }: Session): boolean => page.next !== null && updated_at < oldest;
    const older = sessions.peek().filter((session) => elsewhere(session) || isOlder(session));
    batch(() => {
      // With older pages on the screen their cursor stays; otherwise this page's is the one.
      if (!older.some(isOlder) || nextSessions.peek() === null) nextSessions.value = page.next;
      sessions.value = upsert(older, [...page.sessions, ...page.pinned]);
    });
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
  }
}

export async function moreSessions(): Promise<void> {
  const cursor = nextSessions.peek();
  if (cursor === null) return;
  try {
    const page = await getSessions(cursor);
    if (nextSessions.peek() !== cursor) return;
    batch(() => {
      sessions.value = upsert(sessions.peek(), page.sessions);
      nextSessions.value = page.next;
    });
  } catch (error) {
    // While the reader stays at the end, it is asked for again.
    if (!(error instanceof RequestFailed)) throw error;
  }
}

export async function rename(id: Id, title: string): Promise<void> {
  const before = sessions.peek().find((session) => session.id === id);
  if (before === undefined || title === "" || title === before.title) return;
  sessions.value = upsert(sessions.peek(), [{ ...before, title }]);
  try {
    await renameSession(id, title);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    sessions.value = upsert(sessions.peek(), [before]);
    showProblem(error.problem);
  }
}

export function dropSession(id: Id): void {
  sessions.value = remove(sessions.peek(), id);
  if (selected.peek()?.has(id) === true) selected.value = new Set([...(selected.peek() ?? [])].filter((other) => other !== id));
}
