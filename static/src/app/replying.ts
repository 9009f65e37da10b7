// Replying with what a model has offered to choose from: as the composer sends, and past what is written in it.

import { computed } from "@preact/signals";
import { plainText } from "../core/message.ts";
import type { Id, Message } from "../core/protocol.ts";
import { goOnWith, isAbreast } from "./beside.ts";
import { enqueueMessage } from "./queueing.ts";
import { busy, lost, messages, queued, studio, thread } from "./store.ts";
import { send } from "./writing.ts";

/** Whether a message would be taken now, to be sent or to wait for its turn. */
export const isHeard = computed(() => lost.value === null && studio.value !== null && thread.value?.phase === "ready");

/** What was said on this branch after an answer, or waits to be sent; null as long as that is nothing. */
export function replyTo(answer: Id): string | null {
  const shown = messages.value;
  const at = shown.findIndex(({ id }) => id === answer);
  const next = at < 0 ? undefined : shown.slice(at + 1).find(({ role }) => role !== "transition");
  return next === undefined ? (queued.value[0]?.text ?? null) : plainText(next.parts);
}

/** Sends a reply to an answer; of several side by side, the chat goes on with that one. */
export function reply(answer: Message, text: string): void {
  if (isAbreast(answer)) goOnWith(answer);
  if (busy.peek() || queued.peek().length > 0) enqueueMessage(text, []);
  else void send(text);
}
