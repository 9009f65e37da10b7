// Speech to text, by the browser's own recogniser, where it has one. What it is sure of goes to the caret; nothing is sent.

import { signal } from "@preact/signals";
import { notice } from "../app/store.ts";
import { t } from "../core/t.ts";
import { caret, insert } from "./insertion.ts";

interface Heard extends Event {
  resultIndex: number;
  results: readonly { isFinal: boolean; 0: { transcript: string } }[];
}

interface Recogniser extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(): void;
  stop(): void;
}

type Recognition = new () => Recogniser;

const { SpeechRecognition, webkitSpeechRecognition } = window as { SpeechRecognition?: Recognition; webkitSpeechRecognition?: Recognition };
const Available = SpeechRecognition ?? webkitSpeechRecognition;

export const canDictate = Available !== undefined;

/** What was heard and may still change; null while nobody dictates. */
export const heard = signal<string | null>(null);

let recogniser: Recogniser | null = null;

const REASONS: Readonly<Record<string, string>> = {
  "not-allowed": t("The browser does not let this page use the microphone."),
  "service-not-allowed": t("The browser does not let this page recognise speech."),
  "audio-capture": t("There is no microphone."),
  network: t("The browser can't reach its speech recognition."),
  "language-not-supported": t("The browser does not recognise speech in the language of this page."),
};

/** Words follow words with one space between. */
function put(text: string): void {
  const field = document.querySelector<HTMLTextAreaElement>("#message");
  const place = caret();
  const before = field?.value.slice(0, place.from) ?? "";
  const words = text.trim();
  if (words !== "") insert(/\S$/.test(before) ? ` ${words}` : words, place);
}

function onResult({ resultIndex, results }: Heard): void {
  const news = Array.from(results).slice(resultIndex);
  for (const result of news) if (result.isFinal) put(result[0].transcript);
  heard.value = news.flatMap((result) => (result.isFinal ? [] : [result[0].transcript])).join("").trim();
}

// Before the page's own Escape, which stops an answer.
function onEscape(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  stopDictating();
}

function ended(): void {
  recogniser = null;
  heard.value = null;
  document.removeEventListener("keydown", onEscape, true);
}

/** What was said before is still recognised. */
export function stopDictating(): void {
  recogniser?.stop();
}

export function startDictating(): void {
  if (Available === undefined || recogniser !== null) return;
  recogniser = new Available();
  Object.assign(recogniser, { lang: document.documentElement.lang, continuous: true, interimResults: true });
  recogniser.addEventListener("result", (event) => onResult(event as Heard));
  recogniser.addEventListener("error", (event) => {
    const text = REASONS[(event as Event & { error: string }).error];
    if (text !== undefined) notice.value = { text };
  });
  recogniser.addEventListener("end", ended, { once: true });
  document.addEventListener("keydown", onEscape, true);
  heard.value = "";
  recogniser.start();
}
