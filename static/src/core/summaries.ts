// What was written of the beginning of a long chat, put where it ends.

import type { ServerFrame } from "./protocol.ts";
import type { Thread } from "./thread.ts";

/** On another branch than that of the message, nothing is changed: it comes with the message when that is shown. */
export function withSummary(thread: Thread, frame: Extract<ServerFrame, { type: "summary" }>): Thread {
  const at = thread.messages.findIndex((message) => message.id === frame.message);
  const known = thread.messages[at];
  return known === undefined ? thread : { ...thread, messages: thread.messages.with(at, { ...known, summary: frame.summary }) };
}
