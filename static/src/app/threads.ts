// From a message to the chats that step aside from it, and from these back to it.

import { computed, effect, signal } from "@preact/signals";
import type { Id } from "../core/protocol.ts";
import { departureOf, type Threads, threadsIn } from "../core/threads.ts";
import { getOrigin } from "../transport/origin.ts";
import { RequestFailed } from "../transport/rest.ts";
import { takeSession } from "./listing.ts";
import { messages, session, sessions } from "./store.ts";

let known: Threads = new Map();

/** Those of all sessions that the page knows; the pages of a chat's messages have brought its own. */
export const threads = computed(() => (known = threadsIn(sessions.value, known)));

/** The message of the open chat, where that is a thread, up to which all is from elsewhere. */
export const departure = computed(() => (session.value === null ? null : departureOf(session.value, messages.value)));

const came = signal<{ thread: Id; session: Id; message: Id } | null>(null);

/** The session that the open chat came from, as it is now, and the message in it. */
export const origin = computed(() => {
  const from = came.value;
  if (from === null || from.thread !== session.value?.id) return null;
  const found = sessions.value.find(({ id }) => id === from.session);
  return found === undefined ? null : { session: found, message: from.message };
});

async function ask(thread: Id): Promise<void> {
  try {
    const from = (await getOrigin(thread)).origin;
    if (from === null) return;
    takeSession(from.session);
    // Two that are opened one after another may be answered in the other order.
    if (session.peek()?.id === thread) came.value = { thread, session: from.session.id, message: from.message };
  } catch (error) {
    // Offline the way back is not shown; opened again, it is asked for again.
    if (!(error instanceof RequestFailed)) throw error;
  }
}

/** Asks where a chat came from when one is opened that came from somewhere. */
export function startThreads(): void {
  const open = computed(() => (session.value?.forked_from == null ? null : session.value.id));
  effect(() => { if (open.value !== null) void ask(open.value); });
}
