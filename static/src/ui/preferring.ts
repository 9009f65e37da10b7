// Preferences: what is chosen here is stored on the server, what is chosen elsewhere shows here.

import { effect, type Signal, signal, untracked } from "@preact/signals";
import { showProblem } from "../app/listing.ts";
import { choice, connection, news, notice, openSession, studio } from "../app/store.ts";
import { refreshStudio } from "../app/studio.ts";
import type { Preferences } from "../core/personal.ts";
import type { Id } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { ownSession } from "../transport/own.ts";
import { changePreferences, getPreferences } from "../transport/personal.ts";
import { RequestFailed } from "../transport/rest.ts";
import { sendKey, served, theme } from "./screen.ts";

export const density = signal(served["density"] as Preferences["density"]);
export const notifications = signal(served["notifications"] as Preferences["notifications"]);

type Word = string | undefined;

interface Kept {
  chosen: Signal<Word>;
  /** The word that the server has, or is being told. */
  stored: Word;
  /** How many requests are on their way: what the server says meanwhile may be what it was told before. */
  saving: number;
}

const kept = (chosen: Signal<string>, stored: Word): Kept => ({ chosen: chosen as Signal<Word>, stored, saving: 0 });

const KEPT: Readonly<Record<string, Kept>> = {
  theme: kept(theme as Signal<string>, served["theme"]),
  density: kept(density as Signal<string>, served["density"]),
  send_key: kept(sendKey as Signal<string>, served["sendKey"]),
  notifications: kept(notifications as Signal<string>, served["notifications"]),
};

const UNTOLD = "chat-studio.untold-preferences";
const RECENT = 60_000;

/** Keeps what the server may not have heard yet: a page that is asked for meanwhile comes with what was before. */
function keepUntold(): void {
  const untold = Object.entries(KEPT).flatMap(([key, { chosen, stored, saving }]) =>
    (saving > 0 || chosen.peek() !== stored ? [[key, chosen.peek()]] : []));
  ownSession.setItem(UNTOLD, JSON.stringify({ at: Date.now(), untold }));
}

/** What was chosen in this tab just before it was loaded is chosen again. */
function takeUntold(): void {
  const { at, untold } = JSON.parse(ownSession.getItem(UNTOLD) ?? '{"at":0}') as { at: number; untold: [string, Word][] };
  if (Date.now() - at > RECENT) return;
  for (const [key, word] of untold) {
    const one = KEPT[key];
    if (one !== undefined) one.chosen.value = word;
  }
}

async function save(key: string, one: Kept): Promise<void> {
  const before = one.stored;
  if (before === one.chosen.peek()) return;
  one.stored = one.chosen.peek();
  one.saving += 1;
  keepUntold();
  try {
    await changePreferences({ [key]: one.stored });
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    // Without a network it holds in this tab, and is told when there is one again.
    if (error.status === 0) one.stored = before;
    else showProblem(error.problem);
  } finally {
    one.saving -= 1;
    keepUntold();
  }
}

let agent: Id | null | undefined;

/** A new chat that is still as new chats began until now begins as they do from now on. */
function takeAgent(next: Id | null): void {
  const before = agent === undefined ? (studio.peek()?.agents.find((one) => one.is_default)?.id ?? null) : agent;
  if (next !== before && openSession.peek() === null && choice.peek().agent === before) choice.value = { ...choice.peek(), agent: next };
  agent = next;
}

let teams: string | undefined;

function take(preferences: Preferences): void {
  for (const [key, one] of Object.entries(KEPT)) {
    if (one.saving > 0) continue;
    one.stored = preferences[key as "theme"];
    one.chosen.value = one.stored;
  }
  if (preferences.language !== served["language"]) {
    notice.value = { text: t("The language of the pages has changed."), action: { label: t("Reload"), perform: () => location.reload() } };
  }
  const known = JSON.stringify(preferences.teams);
  if (known !== teams) void refreshStudio(true);
  teams = known;
  const team = preferences.teams.find((one) => one.team.id === studio.peek()?.team?.id);
  takeAgent(team?.agent?.id ?? null);
}

async function readAgain(): Promise<void> {
  try {
    await Promise.all(Object.entries(KEPT).map(([key, one]) => save(key, one)));
    take(await getPreferences());
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
  }
}

/** The page came with them; they may have changed while the connection was lost. */
function readAfterALoss(): void {
  let lost: boolean | undefined;
  effect(() => {
    const isLive = connection.value.phase === "live";
    if (isLive && lost === true) untracked(() => void readAgain());
    if (isLive || lost !== undefined) lost = !isLive;
  });
}

export function startPreferring(): void {
  takeUntold();
  effect(() => { document.documentElement.dataset["density"] = density.value; });
  for (const [key, one] of Object.entries(KEPT)) {
    effect(() => {
      void one.chosen.value;
      untracked(() => void save(key, one));
    });
  }
  effect(() => {
    const frame = news.value;
    if (frame?.type === "preferences") untracked(() => take(frame.preferences));
  });
  readAfterALoss();
}
