// The files of the message that is being written. They belong to a session, as its draft does, and stay with it over reloads.

import { computed, effect, signal } from "@preact/signals";
import { type Attached, hindranceOf, keepFiles, readFiles, readinessOf, refusalOf, type Uploaded } from "../core/attached.ts";
import { NEW_CHAT } from "../core/drafts.ts";
import type { FilePart, Id } from "../core/protocol.ts";
import { discard, isThere, type Upload, upload } from "../transport/files.ts";
import { ownLocal } from "../transport/own.ts";
import { effective, filesReady, limits, openSession, thread } from "./store.ts";

export const attached = signal<readonly Attached[]>([]);

/** What the model can't do with them. */
export const hindrance = computed(() => hindranceOf(attached.value, effective.value.model));

let owner: Id = NEW_CHAT;
let lastKey = 0;
/** What the sessions that are not on the screen have. */
const elsewhere = new Map<Id, readonly Attached[]>();
const running = new Map<number, Upload>();

const filesOf = (session: Id): readonly Attached[] => (session === owner ? attached.peek() : (elsewhere.get(session) ?? []));

function set(session: Id, files: readonly Attached[]): void {
  if (session === owner) attached.value = files;
  else elsewhere.set(session, files);
  keepFiles(ownLocal, session, files.flatMap(({ uploaded }) => uploaded ?? []));
}

function change(session: Id, key: number, changes: Partial<Attached>): void {
  set(session, filesOf(session).map((file) => (file.key === key ? { ...file, ...changes } : file)));
}

function face({ part, readable }: Uploaded): Attached {
  lastKey += 1;
  return { key: lastKey, name: part.filename, size: part.size, progress: 1, uploaded: { part, readable }, problem: null };
}

function begin(session: Id, key: number, file: File): void {
  const going = upload(file, (progress) => change(session, key, { progress }));
  running.set(key, going);
  going.done.then(
    (uploaded) => change(session, key, { uploaded, name: uploaded.part.filename }),
    (error: Error) => change(session, key, { problem: error.message }),
  ).finally(() => running.delete(key));
}

/** Adds files and uploads them at once. */
export function addFiles(files: Iterable<File>): void {
  if (thread.peek()?.phase === "missing") return;
  const session = owner;
  for (const file of files) {
    const counted = attached.peek().filter(({ problem }) => problem === null).length;
    const problem = refusalOf(file.size, counted, limits.peek());
    lastKey += 1;
    const key = lastKey;
    set(session, [...attached.peek(), { key, name: file.name, size: file.size, progress: 0, uploaded: null, problem }]);
    if (problem === null) begin(session, key, file);
  }
}

export function removeFile(key: number): void {
  const file = attached.peek().find((other) => other.key === key);
  running.get(key)?.abort();
  running.delete(key);
  set(owner, attached.peek().filter((other) => other.key !== key));
  if (file?.uploaded != null) void discard(file.uploaded.part.attachment);
}

/** Takes them out of the composer, to be sent. */
export function takeFiles(): readonly FilePart[] {
  const parts = attached.peek().flatMap(({ uploaded }) => uploaded?.part ?? []);
  set(owner, []);
  return parts;
}

/** Puts files of a message that was not sent back. */
export function putFiles(parts: readonly FilePart[]): void {
  if (parts.length > 0) set(owner, [...parts.map((part) => face({ part, readable: true })), ...attached.peek()]);
}

// What was uploaded long ago and never sent is gone.
async function forgetLost(session: Id): Promise<void> {
  for (const { key, uploaded } of filesOf(session)) {
    if (uploaded !== null && !(await isThere(uploaded.part.attachment))) {
      set(session, filesOf(session).filter((file) => file.key !== key));
    }
  }
}

export function startAttaching(): void {
  effect(() => {
    const next = openSession.value ?? NEW_CHAT;
    if (attached.peek().length > 0) elsewhere.set(owner, attached.peek());
    owner = next;
    const known = elsewhere.get(next);
    elsewhere.delete(next);
    attached.value = known ?? readFiles(ownLocal, next).map(face);
    if (known === undefined) void forgetLost(next);
  });
  effect(() => { filesReady.value = readinessOf(attached.value, hindrance.value); });
}
