// Tells a screen reader what is being written, a few sentences at a time.

import { effect } from "@preact/signals";
import { painted } from "../app/painting.ts";
import { owner, thread } from "../app/store.ts";
import { answeredBy, plainText } from "../core/message.ts";
import { type Generation, isFinal, type Message } from "../core/protocol.ts";
import { wordsOf } from "../core/question.ts";
import { finishedUpTo, spoken } from "../core/sentences.ts";
import { said, t } from "../core/t.ts";
import type { Thread } from "../core/thread.ts";
import { writerOf } from "../core/together.ts";
import { person } from "../transport/own.ts";
import { announced } from "./screen.ts";

// Less often than it is written: a reader that is interrupted at each sentence says nothing.
const EVERY = 2_000;
const MOST = 8;

const ENDINGS: Readonly<Record<string, string>> = {
  completed: t("Answer complete."),
  stopped: t("Stopped."),
  failed: t("The answer failed."),
  interrupted: t("The answer was interrupted."),
};

let count = 0;

function say(text: string): void {
  if (text === "") return;
  count += 1;
  announced.value = [...announced.peek(), { id: count, text }].slice(-MOST);
}

function endingOf(generation: Generation | null): string {
  if (generation?.error != null) return said(generation.error);
  return ENDINGS[generation?.status ?? ""] ?? "";
}

/** What somebody else sends while one looks on. */
function announceOthers(): void {
  let before: Thread | null = null;
  effect(() => {
    const seen = before;
    const current = before = thread.value;
    if (current === null || seen?.session !== current.session || seen.phase !== "ready" || seen.messages === current.messages) return;
    const newest = current.messages.findLast(({ role }) => role === "user");
    if (newest === undefined || seen.messages.some(({ id }) => id === newest.id)) return;
    const writer = writerOf(newest, person, owner.peek());
    if (writer !== null) say(`${writer}: ${spoken(plainText(newest.parts))}`);
  });
}

export function startAnnouncing(): void {
  announceOthers();
  let message: string | null = null;
  let said = 0;
  let at = 0;

  function finish(ended: Message | undefined): void {
    message = null;
    if (ended === undefined) return;
    say(spoken(wordsOf(ended.parts).slice(said)));
    say(endingOf(ended.generation));
  }

  // Of several that are written at once the one on the branch is read out; of the others, how they end.
  let written: ReadonlySet<string> = new Set();
  effect(() => {
    const beside = thread.value?.beside ?? [];
    for (const { id, generation } of beside) {
      if (generation !== null && isFinal(generation.status) && written.has(id)) say(`${answeredBy(generation) ?? ""}: ${endingOf(generation)}`);
    }
    written = new Set(beside.filter(({ generation }) => generation !== null && !isFinal(generation.status)).map(({ id }) => id));
  });

  effect(() => {
    const live = painted.value;
    if (live === null) {
      if (message !== null) finish(thread.peek()?.messages.find(({ id }) => id === message));
      return;
    }
    if (message !== live.message) {
      message = live.message;
      said = wordsOf(live.parts).length;
      at = Date.now();
      say(t("The answer begins."));
      return;
    }
    if (Date.now() - at < EVERY) return;
    const text = wordsOf(live.parts);
    const end = finishedUpTo(text, said);
    if (end === said) return;
    say(spoken(text.slice(said, end)));
    said = end;
    at = Date.now();
  });
}
