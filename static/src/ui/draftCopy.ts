// Keeps the draft on the server as well, and shows what other devices write. Without a connection the browser's copy is all there is.

import { computed, effect, untracked } from "@preact/signals";
import { connection, limits, news, notice, outbox, thread } from "../app/store.ts";
import { keepSeen, merge, readSeen } from "../core/draftCopy.ts";
import { keepDraft, NEW_CHAT, readDraft } from "../core/drafts.ts";
import { waitingFor } from "../core/outbox.ts";
import type { StoredDraft } from "../core/personal.ts";
import { t } from "../core/t.ts";
import { ownLocal } from "../transport/own.ts";
import { getDraft, putDraft } from "../transport/personal.ts";
import { RequestFailed } from "../transport/rest.ts";
import { draft, owner, putIntoComposer, write } from "./draft.ts";

const KEEP_AFTER = 700;

/** What is on its way to the server, by whose it is: one write at a time, so that none overtakes another. */
const sending = new Map<string, string>();

/** What this tab has heard of each. Per tab: what another tab has heard is not on the screen of this one. */
const heard = new Map<string, StoredDraft>();

let timer: ReturnType<typeof setTimeout> | undefined;

/** Whose draft is on the screen, once the server can be asked about it. */
const reachable = computed(() => {
  const place = owner.value;
  if (connection.value.phase !== "live") return null;
  if (place === NEW_CHAT) return place;
  const isThere = thread.value?.session === place && thread.value.phase === "ready";
  return isThere && !waitingFor(outbox.value, place).some(({ type }) => type === "create") ? place : null;
});

const textOf = (place: string): string => (place === owner.peek() ? draft.peek() : readDraft(ownLocal, place));

function seenOf(place: string): StoredDraft {
  const seen = heard.get(place) ?? readSeen(ownLocal, place);
  heard.set(place, seen);
  return seen;
}

function offer(other: string): void {
  notice.value = { text: t("This chat has another draft, written on another device."), action: { label: t("Add it"), perform: () => putIntoComposer(other) } };
}

function take(place: string, theirs: StoredDraft): void {
  const before = textOf(place);
  const { seen, mine, other } = merge(before, seenOf(place), theirs, sending.get(place) ?? null);
  heard.set(place, seen);
  keepSeen(ownLocal, place, seen);
  if (place !== owner.peek()) keepDraft(ownLocal, place, mine);
  else if (mine !== before) write(mine);
  if (other !== null && place === owner.peek()) offer(other);
}

async function pull(place: string): Promise<void> {
  const before = seenOf(place);
  const theirs = await getDraft(place);
  // The database was brought back: what was heard before counts no more.
  if (theirs.version < before.version && seenOf(place) === before) heard.set(place, { version: -1, text: before.text });
  take(place, theirs);
}

async function push(place: string): Promise<void> {
  const text = textOf(place);
  const seen = seenOf(place);
  if (sending.has(place) || text === seen.text || text.length > limits.peek().message_characters) return;
  sending.set(place, text);
  try {
    take(place, await putDraft(place, text, seen.version));
  } catch (error) {
    if (!(error instanceof RequestFailed) || error.problem.code !== "draft_changed") throw error;
    await pull(place);
  } finally {
    sending.delete(place);
  }
  if (place === reachable.peek()) soon(place);
}

/** Nothing is lost when it fails: the browser has the text, and it goes out with the next change or connection. */
function quietly(work: Promise<void>): void {
  work.catch((error: unknown) => { if (!(error instanceof RequestFailed)) throw error; });
}

function soon(place: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => quietly(push(place)), draft.peek() === "" ? 0 : KEEP_AFTER);
}

function now(): void {
  clearTimeout(timer);
  const place = reachable.peek();
  if (place !== null) quietly(push(place));
}

function followPlaces(): void {
  let last: string | null = null;
  effect(() => {
    const place = reachable.value;
    untracked(() => {
      clearTimeout(timer);
      if (last !== null && last !== place && connection.peek().phase === "live") quietly(push(last));
      last = place;
      if (place !== null) quietly(pull(place).then(() => soon(place)));
    });
  });
}

export function startDraftCopy(): void {
  followPlaces();
  effect(() => {
    void draft.value;
    untracked(() => { if (reachable.peek() !== null) soon(reachable.peek() ?? NEW_CHAT); });
  });
  effect(() => {
    const frame = news.value;
    if (frame?.type === "draft") untracked(() => take(frame.session ?? NEW_CHAT, frame));
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) now(); });
}
