// Makers of what the server sends, with defaults.

import type { Generation, Message, PartsFrame, Problem, Session, SnapshotFrame, StreamPart } from "../../static/src/core/protocol.ts";
import { loadNewest, newThread, type Thread } from "../../static/src/core/thread.ts";

export const SESSION = "s-0000000000000001";
export const GENERATION = "g-0000000000000001";
const NOW = "2026-11-23T09:30:00.000000Z";

export function generation(changes: Partial<Generation> = {}): Generation {
  return { id: GENERATION, status: "streaming", model: { id: "m-1", name: "Story" }, agent: null, error: null, finish_reason: null, metadata: {}, feedback: null, ...changes };
}

export function userMessage(changes: Partial<Message> = {}): Message {
  return { id: "u-1", client_id: "c-1", parent: null, role: "user", parts: [{ type: "text", text: "Hi" }], created_at: NOW, generation: null, ...changes };
}

export function answer(changes: Partial<Message> = {}): Message {
  return { id: "a-1", client_id: null, parent: "u-1", role: "assistant", parts: [], created_at: NOW, generation: generation(), ...changes };
}

export function session(changes: Partial<Session> = {}): Session {
  return { id: SESSION, team: "t-1", title: "", model: null, agent: null, effort: null, forked_from: null, folder: null, tags: [], pinned: false, archived: false, temporary: false, leaf: null, unread: false, generation: null, created_at: NOW, updated_at: NOW, ...changes };
}

export function parts(after: number, seq: number, ...news: StreamPart[]): PartsFrame {
  return { type: "parts", generation: GENERATION, after, seq, parts: news };
}

export function snapshot(seq: number, message: Message): SnapshotFrame {
  return { type: "snapshot", session: SESSION, generation: GENERATION, seq, message };
}

export function problem(changes: Partial<Problem> = {}): Problem {
  return { code: "provider_timed_out", text: "The provider did not answer in time.", retryable: true, retry_after: null, ...changes };
}

/** A thread in which an answer has just begun. */
export function streaming(): Thread {
  return loadNewest(newThread(SESSION), [userMessage(), answer({ generation: generation({ status: "pending" }) })], null);
}

export function text(thread: Thread, message = "a-1"): string {
  const live = thread.live?.message === message ? thread.live.parts : undefined;
  const shown = live ?? thread.messages.find(({ id }) => id === message)?.parts ?? [];
  return shown.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("|");
}

/** A generator of numbers in [0, 1) that gives the same ones each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** A thread with a question that nothing answers yet. */
export function newTab(): Thread {
  return loadNewest(newThread(SESSION), [userMessage()], null);
}
