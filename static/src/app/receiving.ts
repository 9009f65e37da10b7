// What the server says, brought to where it belongs.

import { batch } from "@preact/signals";
import { count, NOTHING } from "../core/acknowledging.ts";
import { find } from "../core/outbox.ts";
import type { AckResult, Id, PartsFrame, Problem, ServerFrame, Session } from "../core/protocol.ts";
import { accept, type Applied, applyMessage, applyParts, applyRunning, applySnapshot, refuse, type Thread } from "../core/thread.ts";
import { flush, settle, tell } from "./commands.ts";
import { dropSession, refreshSessions, showProblem, takeSession } from "./listing.ts";
import { refreshFolders } from "./folders.ts";
import { change, follow, followAgain, forget, isCurrent, isSubscription, load } from "./opening.ts";
import { renew } from "./renewing.ts";
import { side } from "./side.ts";
import { folders, limits, news, openSession, outbox, thread } from "./store.ts";
import { refreshStudio } from "./studio.ts";

/** Commands that begin an answer. */
const ANSWERED: ReadonlySet<string> = new Set(["send", "regenerate", "continue", "merge"]);

/** Which session a generation belongs to: `parts` frames don't say it, and one may come after its session was left. */
const sessionOf = new Map<Id, Id>();

function learn(generation: Id | null | undefined, session: Id): void {
  if (generation != null) sessionOf.set(generation, session);
}

function apply(session: Id, reduce: (thread: Thread) => Applied): void {
  const current = thread.peek();
  if (current?.session !== session) return;
  const { thread: next, resubscribe } = reduce(current);
  thread.value = next;
  if (resubscribe) follow(session);
}

let unacknowledged = NOTHING;

function acknowledge(generation: Id, length: number): void {
  const { after, due } = count(unacknowledged, generation, length, Date.now());
  unacknowledged = after;
  const live = thread.peek()?.live;
  if (due && live?.generation === generation) tell({ type: "acknowledge", generation, seq: live.seq });
}

function receiveParts(frame: PartsFrame, length: number): void {
  const open = openSession.peek();
  if (open === null || (sessionOf.get(frame.generation) ?? open) !== open) return;
  apply(open, (current) => applyParts(current, frame));
  acknowledge(frame.generation, length);
}

function receiveSession(changed: Session): void {
  learn(changed.generation, changed.id);
  takeSession(changed);
}

function subscribed(result: AckResult): void {
  const { session, generation } = result;
  if (session === undefined) return;
  learn(generation, session.id);
  change(session.id, (current) => applyRunning(current, generation ?? null));
  const current = thread.peek();
  if (current?.session === session.id && !isCurrent(current, session.leaf)) void load(session.id);
}

function receiveAck(id: Id, result: AckResult): void {
  if (result.session !== undefined) {
    learn(result.generation, result.session.id);
    receiveSession(result.session);
  }
  if (isSubscription(id)) {
    subscribed(result);
    return;
  }
  const command = find(outbox.peek(), id);
  if (command !== undefined && ANSWERED.has(command.type) && "session" in command) {
    change(command.session, (current) => accept(current, id, result));
  }
  settle(id, { ok: true, result });
}

function receiveError(id: Id | null, problem: Problem): void {
  if (id === null) {
    // An answer that is watched and whose chat is deleted elsewhere: `session-deleted` says it better.
    if (problem.code !== "generation_not_found") showProblem(problem);
  } else if (isSubscription(id)) {
    const open = openSession.peek();
    if (open !== null && problem.code === "session_not_found") change(open, (current) => ({ ...current, phase: "missing" }));
  } else {
    const command = find(outbox.peek(), id);
    if (command?.type === "create") refuseFirst(command.session, problem);
    if (command !== undefined && ANSWERED.has(command.type) && "session" in command) {
      change(command.session, (current) => refuse(current, id, problem));
    }
    settle(id, { ok: false, problem });
  }
}

// A chat that could not be created takes its first message with it.
function refuseFirst(session: Id, problem: Problem): void {
  change(session, (current) => (current.awaiting === null ? current : refuse(current, current.awaiting, problem)));
}

// Another tab has put another branch on the screen.
function turnTo(session: Id, leaf: Id): void {
  const current = thread.peek();
  if (current?.session === session && !isCurrent(current, leaf)) void load(session);
}

function welcome(frame: Extract<ServerFrame, { type: "welcome" }>): void {
  limits.value = frame.limits;
  for (const { generation, session } of frame.running) learn(generation, session);
  flush();
  followAgain();
  void renew([refreshSessions, refreshFolders, refreshStudio]);
}

function dispatch(frame: ServerFrame, length: number): void {
  if (side.takes(frame, length)) return undefined;
  switch (frame.type) {
    case "welcome":
      return welcome(frame);
    case "ack":
      return receiveAck(frame.id, frame.result);
    case "error":
      return receiveError(frame.id, frame);
    case "parts":
      return receiveParts(frame, length);
    case "snapshot":
      learn(frame.generation, frame.session);
      return change(frame.session, (current) => applySnapshot(current, frame));
    case "session":
      return receiveSession(frame.session);
    case "session-deleted":
      forget(frame.session);
      change(frame.session, (current) => ({ ...current, phase: "missing" }));
      return dropSession(frame.session);
    case "folders":
      folders.value = frame.folders;
      return undefined;
    case "message":
      return apply(frame.session, (current) => applyMessage(current, frame.message));
    case "branch":
      return turnTo(frame.session, frame.leaf);
    default:
      news.value = frame;
      return undefined;
  }
}

/** One frame is one change of the screen. */
export function received(frame: ServerFrame, length: number): void {
  batch(() => dispatch(frame, length));
}
