// What a model asks the person, with options to choose from (ai_studio/llm/question.py), and what the person has chosen.

import { plainText } from "./message.ts";
import type { Part } from "./protocol.ts";

export interface Option {
  label: string;
  description: string;
}

export interface Question {
  text: string;
  options: readonly Option[];
  /** More than one may be chosen. */
  several: boolean;
}

const TOOL = "ask_person";
const MOST = 6;

const line = (value: unknown): string => (typeof value === "string" ? value.replaceAll(/[\s\u0000-\u001f]+/g, " ").trim() : "");

function optionOf(given: unknown): Option {
  const { label, description } = (typeof given === "string" ? { label: given } : (given ?? {})) as Partial<Record<keyof Option, unknown>>;
  return { label: line(label), description: line(description) };
}

/** The server has refused what is no question; whatever else may be stored is shown as a call of a tool. */
export function questionOf(part: Part): Question | null {
  if (part.type !== "dynamic-tool" || part.toolName !== TOOL || part.state !== "output-available") return null;
  const { question, options: given, several } = (part.input ?? {}) as Record<string, unknown>;
  const text = line(question);
  const options = Array.isArray(given) ? given.map(optionOf) : [];
  const isOne = text !== "" && options.length > 1 && options.length <= MOST && options.every(({ label }) => label !== "");
  return isOne ? { text, options, several: several === true } : null;
}

export function questionsOf(parts: readonly Part[]): readonly Question[] {
  return parts.flatMap((part) => questionOf(part) ?? []);
}

function inWords({ text, options }: Question): string {
  return [text, "", ...options.map(({ label, description }) => `- ${description === "" ? label : `${label}: ${description}`}`)].join("\n");
}

/** The words of an answer, as Markdown: its text and what it asks. */
export function wordsOf(parts: readonly Part[]): string {
  return plainText(parts.map((part) => {
    const question = questionOf(part);
    return question === null ? part : { type: "text", text: inWords(question) };
  }));
}

/** The message that says what was chosen. `chosen` are places among the options. */
export function replyOf({ options }: Question, chosen: readonly number[]): string {
  const labels = options.flatMap(({ label }, index) => (chosen.includes(index) ? [label] : []));
  return labels.join(labels.some((label) => label.includes(",")) ? "\n" : ", ");
}

const folded = (text: string): string => text.trim().toLowerCase();

/** Which options a message chooses, as it would be sent or as somebody has typed it; none where it says something else. */
export function chosenIn(question: Question, reply: string): readonly number[] {
  const said = folded(reply);
  for (let mask = 1; mask < 2 ** question.options.length; mask += 1) {
    const chosen = question.options.flatMap((_, index) => ((mask >> index) & 1 ? [index] : []));
    if ((question.several || chosen.length === 1) && folded(replyOf(question, chosen)) === said) return chosen;
  }
  return [];
}
