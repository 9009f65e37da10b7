// Chats of others that the viewer writes in: whose they are, and leaving one.

import { computed, effect } from "@preact/signals";
import type { Id } from "../core/protocol.ts";
import { said, t } from "../core/t.ts";
import { person } from "../transport/own.ts";
import { RequestFailed } from "../transport/rest.ts";
import { getPeople, takeOut } from "../transport/together.ts";
import { dropSession } from "./listing.ts";
import { go } from "./routing.ts";
import { connection, notice, openSession, owners, session, sessions } from "./store.ts";

const joined = new Set<Id>();

/** Whether the viewer is a guest in a chat, or was one: of a chat that is gone the list knows nothing. */
export const hasJoined = (id: Id | null): boolean => id !== null && joined.has(id);

async function readOwner(id: Id): Promise<void> {
  try {
    const owner = (await getPeople(id)).people.find((one) => one.owner);
    if (owner !== undefined) owners.value = new Map([...owners.peek(), [id, owner.name]]);
  } catch (error) {
    // With the next connection it is asked for again.
    if (!(error instanceof RequestFailed)) throw error;
  }
}

export function startTogether(): void {
  effect(() => { for (const { id, guest } of sessions.value) if (guest === true) joined.add(id); });
  const asked = computed(() => (session.value?.guest === true && connection.value.phase === "live" ? session.value.id : null));
  effect(() => { if (asked.value !== null) void readOwner(asked.value); });
}

/** What went wrong with it, in words; null when it is done. */
export async function leaveChat(id: Id): Promise<string | null> {
  try {
    await takeOut(id, person);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return said(error.problem);
  }
  if (openSession.peek() === id) go(null);
  dropSession(id);
  notice.value = { text: t("You have left the chat.") };
  return null;
}
