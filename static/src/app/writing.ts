// What the reader does in a thread: send, and stop.

import { batch } from "@preact/signals";
import { waitingFor } from "../core/outbox.ts";
import { type FilePart, type Id, newId } from "../core/protocol.ts";
import { upsert } from "../core/sessions.ts";
import { addUnsent, freeze, leafOf, removeMessage, thaw } from "../core/thread.ts";
import { type Answer, issue, withdraw } from "./commands.ts";
import { showProblem } from "./listing.ts";
import { change, follow, openNew } from "./opening.ts";
import { paint } from "./painting.ts";
import { showAddress } from "./routing.ts";
import { side } from "./side.ts";
import { agent, choice, connection, newIn, openSession, outbox, sessions, studio, temporary, thread } from "./store.ts";

/** The switch of a model or an agent that was issued last (choosing.ts). */
export const switching: { answered: Promise<unknown> } = { answered: Promise.resolve() };

/** Commands whose answer is to be stopped as soon as it is known. */
const unwanted = new Set<Id>();

/** The message sent last, until the thread has brought it to the top of the screen. */
export const newest: { message: Id | null } = { message: null };

function create(): Id {
  const session = newId("s");
  const { model, agent: chosen, effort } = choice.peek();
  const named = studio.peek()?.models.find(({ id }) => id === model);
  const now = new Date().toISOString();
  const face = agent.peek();
  const folder = newIn.peek();
  openNew(session);
  sessions.value = upsert(sessions.peek(), [{
    id: session,
    team: studio.peek()?.team?.id ?? "",
    title: "",
    model: named === undefined ? null : { id: named.id, name: named.name },
    agent: face === null ? null : { id: face.id, name: face.name },
    effort,
    folder: folder?.id ?? null,
    tags: [],
    pinned: false,
    archived: false,
    temporary: temporary.peek(),
    unread: false,
    leaf: null,
    generation: null,
    created_at: now,
    updated_at: now,
  }]);
  showAddress(session);
  void issue({ type: "create", id: newId("c"), session, model, agent: chosen, effort, folder: folder?.id ?? null, temporary: temporary.peek() });
  return session;
}

/** `seen` is the last frame on the screen at the click: the server keeps no more of the answer than that. */
export function stopGeneration(session: Id, generation: Id, seen: number, refused = () => change(session, thaw)): void {
  void issue({ type: "stop", id: newId("c"), generation, seen }).then((answer) => {
    if (answer.ok) return;
    // It goes on: show what was held back, from its beginning.
    refused();
    follow(session);
    if (answer.problem.code !== "generation_not_found") showProblem(answer.problem);
  });
}

// The thread has been changed by the answer already; what is left is a stop that came before it.
export function stopUnwanted(session: Id, command: Id, answer: Answer): void {
  if (!unwanted.delete(command) || !answer.ok || answer.result.generation == null) return;
  change(session, freeze);
  stopGeneration(session, answer.result.generation, thread.peek()?.live?.seq ?? 0);
  side.stop();
}

/** Sends a message to the open session, or to a new one. */
export async function send(text: string, files: readonly FilePart[] = []): Promise<void> {
  const open = openSession.peek();
  // A switch moves the end of the branch: the message must follow the transition.
  if (open !== null && waitingFor(outbox.peek(), open).some(({ type }) => type === "switch")) await switching.answered;
  batch(() => sendAs(newId("c"), open ?? create(), text, files));
}

/** Sends a message under an id that it has already. `parent`: what it follows; the end of the branch, unless it is an edit. */
export function sendAs(id: Id, session: Id, text: string, files: readonly FilePart[], parent?: Id | null): void {
  const current = thread.peek();
  if (current?.session !== session) return;
  const follows = parent === undefined ? leafOf(current) : parent;
  thread.value = addUnsent(current, id, text, new Date().toISOString(), follows, files);
  newest.message = id;
  const attachments = files.map(({ attachment }) => attachment);
  void issue({ type: "send", id, session, parent: follows, text, attachments, ...side.models() }).then((answer) => stopUnwanted(session, id, answer));
}

/** Stops all that is being written. From here on the text on the screen stands still. */
export function stop(): void {
  side.stop();
  stopShown();
}

/** Stops the answer of the branch on the screen, and none beside it. */
export function stopShown(): void {
  const current = thread.peek();
  if (current === null) return;
  const { live, awaiting, session } = current;
  if (live !== null && !live.frozen) {
    paint();
    change(session, freeze);
    stopGeneration(session, live.generation, live.seq);
  } else if (awaiting !== null && connection.peek().phase === "live") {
    unwanted.add(awaiting);
  } else if (awaiting !== null) {
    withdraw(awaiting);
    change(session, (now) => ({ ...removeMessage(now, awaiting), awaiting: null }));
  }
}
