// The list of sessions in the sidebar: newest activity first, in groups by day.

import type { Id, Session } from "./protocol.ts";
import { t } from "./t.ts";

export interface SessionGroup {
  label: string;
  sessions: readonly Session[];
}

const byActivity = (a: Session, b: Session): number => (a.updated_at < b.updated_at ? 1 : a.updated_at > b.updated_at ? -1 : 0);

/** `sessions` with what `change` says of each of `ids`. */
export function changed(sessions: readonly Session[], ids: Iterable<Id>, change: (session: Session) => Partial<Session>): readonly Session[] {
  const chosen = new Set(ids);
  return sessions.map((session) => (chosen.has(session.id) ? { ...session, ...change(session) } : session));
}

/**
 * Adds or replaces. An older state of a session that is known does not win over a newer one; but what the page itself made up for a
 * chat that it begins has the time of this machine, which may go before the server's.
 */
export function upsert(sessions: readonly Session[], changed: readonly Session[]): readonly Session[] {
  const byId = new Map(sessions.map((session) => [session.id, session]));
  for (const session of changed) {
    const known = byId.get(session.id);
    const isOlder = known?.created_at === session.created_at && known.updated_at > session.updated_at;
    if (!isOlder) byId.set(session.id, session);
  }
  return [...byId.values()].toSorted(byActivity);
}

export interface SessionPage {
  sessions: readonly Session[];
  /** With the first page of the plain list: all of them, wherever they are. */
  pinned: readonly Session[];
  next: string | null;
}

/** Whether a session is on a later page of the list than the newest, `page`. */
export const isAfter = (page: SessionPage, { updated_at }: Session): boolean => (
  page.next !== null && updated_at < (page.sessions.at(-1)?.updated_at ?? "")
);

/**
 * What is known, joined with the newest page of the list. `asked`: what was known when the page was asked for. What came, changed or
 * went while it was on its way is newer than what it says.
 */
export function renewed(asked: readonly Session[], now: readonly Session[], page: SessionPage): readonly Session[] {
  const before = new Map(asked.map((session) => [session.id, session]));
  const here = new Set(now.map(({ id }) => id));
  const isNews = (session: Session): boolean => before.get(session.id) !== session;
  // Of what is elsewhere, in a folder, the archive or nowhere, and of what is older, the page says nothing.
  const isOther = (session: Session): boolean => session.folder !== null || !isListed(session) || isAfter(page, session);
  const news = now.filter(isNews);
  const newer = new Set(news.map(({ id }) => id));
  const said = [...page.sessions, ...page.pinned].filter(({ id }) => !newer.has(id) && (here.has(id) || !before.has(id)));
  return upsert([...news, ...now.filter((session) => !isNews(session) && isOther(session))], said);
}

/** Whether it is in the list. */
export const isListed = ({ archived, temporary }: Session): boolean => !archived && !temporary;

export function remove(sessions: readonly Session[], id: Id): readonly Session[] {
  return sessions.filter((session) => session.id !== id);
}

function startOfDay(date: Date, daysBefore = 0): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBefore).getTime();
}

function labelOf(session: Session, now: Date, months: Intl.DateTimeFormat): string {
  const time = new Date(session.updated_at).getTime();
  if (time >= startOfDay(now)) return t("Today");
  if (time >= startOfDay(now, 1)) return t("Yesterday");
  if (time >= startOfDay(now, 7)) return t("Last 7 days");
  if (time >= startOfDay(now, 30)) return t("Last 30 days");
  return months.format(time);
}

/** Groups sessions that are sorted already; older ones by month. */
export function groupByDate(sessions: readonly Session[], now: Date, locale?: string): readonly SessionGroup[] {
  const months = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" });
  const groups: { label: string; sessions: Session[] }[] = [];
  for (const session of sessions) {
    const label = labelOf(session, now, months);
    const last = groups.at(-1);
    if (last?.label === label) last.sessions.push(session);
    else groups.push({ label, sessions: [session] });
  }
  return groups;
}
