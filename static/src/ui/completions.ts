// What the composer completes: agents behind "@", saved prompts behind "/".

import { computed, effect, signal } from "@preact/signals";
import { compare, comparing } from "../app/beside.ts";
import { chooseAgent } from "../app/choosing.ts";
import { prompts, refreshPrompts } from "../app/prompts.ts";
import { effective, offered } from "../app/store.ts";
import { MOST } from "../core/beside.ts";
import { promptsFor, type SavedPrompt, slashQuery } from "../core/prompts.ts";
import { t } from "../core/t.ts";
import type { IconName } from "../render/icons.ts";
import type { Agent } from "../transport/rest.ts";
import { draft, write } from "./draft.ts";
import { beforeCaret, insert, startFollowing } from "./insertion.ts";
import { showPrompts, usePrompt } from "./prompts/tasks.ts";
import { announced } from "./screen.ts";

const MOST_AGENTS = 6;
const MOST_PROMPTS = 8;
/** "+1" is said often, and asks for no model. */
const ADDED = /^\+(?!\d)([^\n+]{0,40})$/;
const MENTION = /^@([^\n@]{0,40})$/;

export interface Completion {
  key: string;
  name: string;
  about: string;
  note: string;
  /** An emoji, where there is one. */
  face: string;
  icon: IconName;
  choose(): void;
}

interface Completions {
  label: string;
  options: readonly Completion[];
}

const NONE: Completions = { label: "", options: [] };

function mention(agent: Agent): void {
  chooseAgent(agent.id);
  write("");
  announced.value = [...announced.peek(), { id: Date.now(), text: t("{name} answers from here.", { name: agent.name }) }];
}

function agentsFor(query: string): Completions {
  const found = (offered.value?.agents ?? []).filter(({ name }) => name.toLowerCase().includes(query.trim())).slice(0, MOST_AGENTS);
  const options = found.map((agent): Completion => ({
    key: agent.id, name: agent.name, about: agent.description, note: "", face: agent.icon, icon: "agent", choose: () => mention(agent),
  }));
  return { label: t("Agents"), options };
}

function modelsFor(query: string): Completions {
  const asked = new Set([effective.value.model?.id, ...comparing.value.map(({ id }) => id)]);
  const found = asked.size > MOST - 1 ? [] : (offered.value?.models ?? []).filter(({ id, name }) => !asked.has(id) && name.toLowerCase().includes(query.trim()));
  const options = found.slice(0, MOST_PROMPTS).map(({ id, name, provider }): Completion => ({
    key: id, name, about: t("Answers as well, side by side"), note: provider, face: "", icon: "model",
    choose: () => {
      compare(id);
      write("");
    },
  }));
  return { label: t("Side by side"), options };
}

function manage(to: number): Completion {
  function open(): void {
    insert("", { from: 0, to });
    showPrompts();
  }
  return { key: "manage", name: t("Saved prompts…"), about: t("Write, change and delete them"), note: "", face: "", icon: "settings", choose: open };
}

function promptOption(prompt: SavedPrompt, to: number): Completion {
  const { id, name, title, owner } = prompt;
  const note = owner === "team" ? t("Team") : "";
  return { key: id, name: `/${name}`, about: title, note, face: "", icon: "bookmark", choose: () => usePrompt(prompt, { from: 0, to }) };
}

/** `typed`: the slash and what follows it, which a prompt takes the place of. */
function promptsTyped(typed: string, query: string): Completions {
  const options = promptsFor(prompts.value, query).slice(0, MOST_PROMPTS).map((prompt) => promptOption(prompt, typed.length));
  return { label: t("Saved prompts"), options: query === "" ? [...options, manage(typed.length)] : options };
}

const dismissed = signal("");

export const completions = computed((): Completions => {
  if (draft.value === "" || draft.value === dismissed.value) return NONE;
  const agent = MENTION.exec(draft.value)?.[1]?.toLowerCase();
  if (agent !== undefined) return agentsFor(agent);
  const added = ADDED.exec(draft.value)?.[1]?.toLowerCase();
  if (added !== undefined) return modelsFor(added);
  const typed = beforeCaret();
  const query = slashQuery(typed);
  return query === null ? NONE : promptsTyped(typed, query);
});

const chosen = signal({ draft: "", index: 0 });

/** Which of them is chosen by Enter. */
export const active = computed(() => {
  const last = completions.value.options.length - 1;
  return chosen.value.draft === draft.value ? Math.min(chosen.value.index, last) : 0;
});

/** Whether the key was one of the list's. */
export function onCompletionKey(key: string): boolean {
  const { options } = completions.peek();
  if (options.length === 0) return false;
  const move = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (move !== undefined) {
    chosen.value = { draft: draft.peek(), index: (active.peek() + move + options.length) % options.length };
  } else if (key === "Enter" || key === "Tab") {
    choose(options[active.peek()]);
  } else if (key === "Escape") {
    dismissed.value = draft.peek();
  } else return false;
  return true;
}

/** The list goes away, also where the draft stays: somebody may not go on with what was chosen. */
export function choose(option: Completion | undefined): void {
  dismissed.value = draft.peek();
  option?.choose();
}

/** Keeps the prompts at hand, so that the list is there with the slash. */
export function startCompleting(): void {
  startFollowing();
  void refreshPrompts();
  effect(() => {
    if (draft.value === "/") void refreshPrompts();
    // What was put away is there again when it is typed anew.
    if (draft.value === "") dismissed.value = "";
  });
}
