// A draft that is kept on the server as well: what becomes of the text on the screen when somebody else has written.

import type { StoredDraft } from "./personal.ts";
import type { TextStore } from "./bySession.ts";

export interface Merged {
  /** What the server has now. */
  seen: StoredDraft;
  /** What is to be on the screen. */
  mine: string;
  /** What was written elsewhere and is not on the screen: it must not be lost unasked. */
  other: string | null;
}

/** `mine`: the text on the screen; `seen`: what the server had when this tab last heard of it; `sending`: what is on its way there. */
export function merge(mine: string, seen: StoredDraft, theirs: StoredDraft, sending: string | null): Merged {
  if (theirs.version <= seen.version) return { seen, mine, other: null };
  const isOurs = theirs.text === sending;
  const untouched = sending === null && mine === seen.text;
  // What was sent from here is not what is being written elsewhere since.
  const sentMeanwhile = mine === "" && theirs.text !== seen.text;
  if (!isOurs && (untouched || sentMeanwhile)) return { seen: theirs, mine: theirs.text, other: null };
  const known = isOurs || theirs.text === seen.text || mine.includes(theirs.text);
  return { seen: theirs, mine, other: known ? null : theirs.text };
}

const KEY = "chat-studio.drafts-seen";
const MOST = 50;

type Kept = readonly [place: string, version: number, text: string];

function readAll(store: TextStore): readonly Kept[] {
  try {
    const kept: unknown = JSON.parse(store.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isKept) : [];
  } catch {
    return [];
  }
}

function isKept(value: unknown): value is Kept {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number" && typeof value[2] === "string";
}

export function readSeen(store: TextStore, place: string): StoredDraft {
  const [, version = 0, text = ""] = readAll(store).find(([key]) => key === place) ?? [];
  return { version, text };
}

/** Outlives a reload: then what was typed without a connection is told from what was sent elsewhere. */
export function keepSeen(store: TextStore, place: string, { version, text }: StoredDraft): void {
  const others = readAll(store).filter(([key]) => key !== place);
  try {
    store.setItem(KEY, JSON.stringify([...others, [place, version, text] as const].slice(-MOST)));
  } catch {
    return;
  }
}
