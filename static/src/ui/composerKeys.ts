// Keys of the composer that are not needed to write: what was sent before, and the lists behind "@" and "/".

import { messages, owner } from "../app/store.ts";
import { recall } from "../core/history.ts";
import { plainText } from "../core/message.ts";
import { writerOf } from "../core/together.ts";
import { person } from "../transport/own.ts";
import { onCompletionKey } from "./completions.ts";
import { draft, write } from "./draft.ts";

/** Where we are in what was sent before, and the text that was brought back from there. */
let recalled = { index: -1, text: "" };

function onHistory(key: string): boolean {
  if (key !== "ArrowUp" && key !== "ArrowDown") return false;
  const text = draft.peek();
  // What was changed is the reader's own: then the arrows move in it.
  const index = text !== "" && text === recalled.text ? recalled.index : -1;
  if (text !== "" && index === -1) return false;
  const own = messages.peek().filter((message) => message.role === "user" && writerOf(message, person, owner.peek()) === null);
  const sent = own.map(({ parts }) => plainText(parts));
  const found = recall(sent, index, key === "ArrowUp");
  if (found === null) return false;
  recalled = found;
  write(found.text);
  return true;
}

/** Whether the key was one of these; then it does nothing else. */
export function onComposerKey(event: KeyboardEvent): boolean {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  return onCompletionKey(event.key) || onHistory(event.key);
}
