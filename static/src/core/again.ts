// What is on the screen while the same is asked once more.

import type { Id } from "./protocol.ts";
import { cut, type Thread } from "./thread.ts";

/** The answer that is continued stays until the new one, which begins with it, is there. */
export function awaitContinuation(thread: Thread, command: Id): Thread {
  return { ...thread, awaiting: command };
}

/** The answer under way replaces the one that is being regenerated. */
export function awaitAnswer(thread: Thread, command: Id, regenerated: Id): Thread {
  const displaced = thread.messages.find((message) => message.id === regenerated);
  const room = displaced === undefined ? thread : cut(thread, displaced.parent);
  return { ...room, awaiting: command };
}

/** What should be different, as a field of the command; no field where nothing was said. */
export function guidanceOf(words: string | null | undefined): { guidance?: string } {
  const guidance = (words ?? "").trim();
  return guidance === "" ? {} : { guidance };
}
