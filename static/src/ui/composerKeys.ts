// Keys of the composer that are not needed to write: what was sent before, and the list of agents behind "@".

import { computed, signal } from "@preact/signals";
import { chooseAgent } from "../app/choosing.ts";
import { messages, studio } from "../app/store.ts";
import { recall } from "../core/history.ts";
import { plainText } from "../core/message.ts";
import type { Agent } from "../transport/rest.ts";
import { draft, write } from "./draft.ts";
import { announced } from "./screen.ts";

const MOST = 6;
const MENTION = /^@([^\n@]{0,40})$/;

/** Where we are in what was sent before, and the text that was brought back from there. */
let recalled = { index: -1, text: "" };

const dismissed = signal("");

/** The agents that the "@…" in the composer may mean. */
export const mentioned = computed((): readonly Agent[] => {
  const query = MENTION.exec(draft.value)?.[1]?.toLowerCase();
  if (query === undefined || draft.value === dismissed.value) return [];
  return (studio.value?.agents ?? []).filter(({ name }) => name.toLowerCase().includes(query.trim())).slice(0, MOST);
});

const chosen = signal({ draft: "", index: 0 });

/** Which of them is chosen by Enter. */
export const active = computed(() => (chosen.value.draft === draft.value ? Math.min(chosen.value.index, mentioned.value.length - 1) : 0));

export function mention(agent: Agent): void {
  chooseAgent(agent.id);
  write("");
  announced.value = [...announced.peek(), { id: Date.now(), text: `${agent.name} answers from here.` }];
}

function onMention(key: string): boolean {
  const agents = mentioned.peek();
  if (agents.length === 0) return false;
  const move = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (move !== undefined) {
    chosen.value = { draft: draft.peek(), index: (active.peek() + move + agents.length) % agents.length };
  } else if (key === "Enter" || key === "Tab") {
    const agent = agents[active.peek()];
    if (agent !== undefined) mention(agent);
  } else if (key === "Escape") {
    dismissed.value = draft.peek();
  } else return false;
  return true;
}

function onHistory(key: string): boolean {
  if (key !== "ArrowUp" && key !== "ArrowDown") return false;
  const text = draft.peek();
  // What was changed is the reader's own: then the arrows move in it.
  const index = text !== "" && text === recalled.text ? recalled.index : -1;
  if (text !== "" && index === -1) return false;
  const sent = messages.peek().filter(({ role }) => role === "user").map(({ parts }) => plainText(parts));
  const found = recall(sent, index, key === "ArrowUp");
  if (found === null) return false;
  recalled = found;
  write(found.text);
  return true;
}

/** Whether the key was one of these; then it does nothing else. */
export function onComposerKey(event: KeyboardEvent): boolean {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  return onMention(event.key) || onHistory(event.key);
}
