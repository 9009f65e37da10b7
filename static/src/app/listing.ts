// The list of sessions: reading it, renaming.

import { batch } from "@preact/signals";
import type { Id, Problem, Session } from "../core/protocol.ts";
import { changed, isAfter, remove, renewed, upsert } from "../core/sessions.ts";
import { said } from "../core/t.ts";
import { getSession, getSessions, renameSession, RequestFailed } from "../transport/rest.ts";
import { nextSessions, notice, selected, sessions } from "./store.ts";

export function showProblem(problem: Problem): void {
  notice.value = { text: said(problem), problem };
}

/** Takes in one session that may be on no page of the list. */
export async function readMissing(id: Id): Promise<void> {
  const isKnown = (): boolean => sessions.peek().some((session) => session.id === id);
  if (isKnown()) return;
  const read = await getSession(id);
  if (!isKnown()) sessions.value = upsert(sessions.peek(), [read]);
}

export function takeSession(...news: readonly Session[]): void {
  if (news.length > 0) sessions.value = upsert(sessions.peek(), news);
}

let asking = 0;
let last: Promise<boolean> = Promise.resolve(false);

/** The newest page: after a connection was lost, sessions may have come, changed or gone. Whether it could be read. */
export function refreshSessions(): Promise<boolean> {
  asking += 1;
  last = readNewest(asking);
  return last;
}

async function readNewest(own: number): Promise<boolean> {
  const asked = sessions.peek();
  try {
    const page = await getSessions(null);
    // What was asked for later says it better, and is held against the list as it was then.
    if (own !== asking) return await last;
    batch(() => {
      // With older pages on the screen their cursor stays; otherwise this page's is the one.
      const hasOlder = sessions.peek().some((session) => isAfter(page, session));
      if (!hasOlder || nextSessions.peek() === null) nextSessions.value = page.next;
      sessions.value = renewed(asked, sessions.peek(), page);
    });
    return true;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return false;
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
    sessions.value = changed(sessions.peek(), [id], () => ({ title: before.title }));
    showProblem(error.problem);
  }
}

export function dropSession(id: Id): void {
  sessions.value = remove(sessions.peek(), id);
  if (selected.peek()?.has(id) === true) selected.value = new Set([...(selected.peek() ?? [])].filter((other) => other !== id));
}
