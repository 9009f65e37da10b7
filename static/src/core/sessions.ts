// The list of sessions in the sidebar: newest activity first, in groups by day.

import type { Id, Session } from "./protocol.ts";
import { t } from "./t.ts";

export interface SessionGroup {
  label: string;
  sessions: readonly Session[];
}

const byActivity = (a: Session, b: Session): number => (a.updated_at < b.updated_at ? 1 : a.updated_at > b.updated_at ? -1 : 0);

/** Adds or replaces. An older state of a session that is known does not win over a newer one. */
export function upsert(sessions: readonly Session[], changed: readonly Session[]): readonly Session[] {
  const byId = new Map(sessions.map((session) => [session.id, session]));
  for (const session of changed) {
    const known = byId.get(session.id);
    if (known === undefined || known.updated_at <= session.updated_at) byId.set(session.id, session);
  }
  return [...byId.values()].toSorted(byActivity);
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
