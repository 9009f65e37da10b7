// What the reader does to the tree of a session, and with one message of it.

import { batch } from "@preact/signals";
import { withBeside } from "../core/beside.ts";
import type { Command } from "../core/outbox.ts";
import { type Feedback, type Id, type Message, newId } from "../core/protocol.ts";
import { filesOf, plainText } from "../core/message.ts";
import { applyMessage, removeMessage, type Thread } from "../core/thread.ts";
import { issue } from "./commands.ts";
import { showProblem } from "./listing.ts";
import { change, load } from "./opening.ts";
import { go } from "./routing.ts";
import { busy, openSession } from "./store.ts";
import { send, sendAs } from "./writing.ts";

/** Sends another text in place of a message, with the same files: both stay, as branches. */
export function edit(message: Message, text: string): void {
  const session = openSession.peek();
  if (session !== null && !busy.peek()) batch(() => sendAs(newId("c"), session, text, filesOf(message.parts), message.parent));
}

/** A message that was refused, sent again as a new one. */
export function resend({ id, parts }: Message): void {
  const session = openSession.peek();
  if (session === null || busy.peek()) return;
  change(session, (current) => removeMessage(current, id));
  void send(plainText(parts), filesOf(parts));
}

/** Takes a refused message off the screen; where it was an edit, what was edited is there again. */
export function takeBack(id: Id): void {
  const session = openSession.peek();
  if (session === null) return;
  change(session, (current) => removeMessage(current, id));
  void load(session);
}

const taken = (current: Thread, message: Message): Thread =>
  (current.beside.some(({ id }) => id === message.id) ? withBeside(current, [message]) : applyMessage(current, message).thread);

async function perform(command: (id: Id, session: Id) => Command, reloads: boolean): Promise<boolean> {
  const session = openSession.peek();
  if (session === null) return false;
  const answer = await issue(command(newId("c"), session));
  if (!answer.ok) {
    showProblem(answer.problem);
    return false;
  }
  const { message } = answer.result;
  if (message !== undefined) change(session, (current) => taken(current, message));
  else if (reloads) await load(session);
  return true;
}

/** Puts the branch through a message on the screen. Whether that was done. */
export function show(message: Id): Promise<boolean> {
  return perform((id, session) => ({ type: "show", id, session, message }), true);
}

/** Writes an answer anew by hand, as another branch. Whether that was done. */
export function revise(message: Id, text: string): Promise<boolean> {
  return perform((id, session) => ({ type: "revise", id, session, message, text }), false);
}

/** Goes on from a message in a chat of its own. */
export async function fork(message: Id): Promise<void> {
  const target = newId("s");
  if (await perform((id, session) => ({ type: "fork", id, session, message, target }), false)) go(target);
}

/** What the reader thinks of an answer; null takes it back. Shown at once. */
export function rate(message: Message, feedback: Feedback | null): void {
  const session = openSession.peek();
  const { generation } = message;
  if (session === null || generation === null) return;
  const shown = { ...message, generation: { ...generation, feedback } };
  change(session, (current) => taken(current, shown));
  const { rating, reason } = feedback ?? { rating: null, reason: null };
  void perform((id) => ({ type: "rate", id, session, message: message.id, rating, reason }), false).then((done) => {
    if (!done) change(session, (current) => taken(current, message));
  });
}
