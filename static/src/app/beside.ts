// Answers side by side: several models are asked at once, and each answer is heard, stopped and asked again by itself.

import { batch, computed, effect, signal } from "@preact/signals";
import { count, NOTHING, type Unacknowledged } from "../core/acknowledging.ts";
import { guidanceOf } from "../core/again.ts";
import type { LiveAnswer } from "../core/answer.ts";
import { aloneIn, awaitMerged, belongs, choose, columnsOf, leading, type Lives, livesOf, mergeableIn, MOST, thawed, withBeside } from "../core/beside.ts";
import { keepCompared, NOTHING_COMPARED, readCompared } from "../core/compared.ts";
import { find, waitingFor } from "../core/outbox.ts";
import { type AckResult, type Id, isFinal, type Message, newId, type PartsFrame, type ServerFrame } from "../core/protocol.ts";
import { applyParts, applySnapshot, besideLast, type Thread } from "../core/thread.ts";
import { ownSession } from "../transport/own.ts";
import { another, continueAnswer, regenerate } from "./asking.ts";
import { issue, settle, tell } from "./commands.ts";
import { showProblem, takeSession } from "./listing.ts";
import { change, follow, followAgain, load } from "./opening.ts";
import { paintedBeside } from "./painting.ts";
import { side } from "./side.ts";
import { effective, offered, openSession, outbox, thread } from "./store.ts";
import { stopGeneration, stopShown } from "./writing.ts";

const EVERY = 60;

/** The models that are asked beside the chosen one from now on. */
export const compared = signal<readonly Id[]>(NOTHING_COMPARED);

/** Those of them that can be asked now, by id and name. */
export const comparing = computed(() => {
  const models = offered.value?.models ?? [];
  const asked = compared.value.filter((id) => id !== effective.value.model?.id);
  return asked.flatMap((id) => models.find((model) => model.id === id) ?? []).slice(0, MOST - 1);
});

/** What stands side by side in the open chat; one alone where nothing does. */
export const columns = computed(() => (thread.value === null ? [] : columnsOf(thread.value)));

/** Those of them that can become one. */
export const mergeable = computed(() => (thread.value === null ? [] : mergeableIn(thread.value)));

export const isAbreast = (message: Message): boolean => columns.value.length > 1 && columns.value.includes(message);

let lives: Lives = new Map();
let timer: ReturnType<typeof setTimeout> | undefined;
let unacknowledged: ReadonlyMap<Id, Unacknowledged> = new Map();

function paint(): void {
  clearTimeout(timer);
  timer = undefined;
  paintedBeside.value = lives;
}

/** Words are drawn together, a few times a second; beginnings, endings and stops at once. */
function setLive(message: Id, live: LiveAnswer | null): void {
  const before = lives.get(message);
  const others = [...lives].filter(([id]) => id !== message);
  lives = new Map(live === null ? others : [...others, [message, live]]);
  if (live === null || before === undefined || before.parts.length === 0 || live.frozen !== before.frozen) paint();
  else timer ??= setTimeout(() => requestAnimationFrame(paint), EVERY);
}

function add(session: Id, messages: readonly Message[], first?: Message): void {
  change(session, (current) => withBeside(current, messages.filter(({ id }) => !current.messages.some((shown) => shown.id === id)), first));
}

function take(current: Thread, message: Message, next: Thread): void {
  const [changed] = next.messages;
  if (changed !== undefined && changed !== message) change(current.session, (now) => withBeside(now, [changed]));
  setLive(message.id, next.live);
}

function takeParts(current: Thread, frame: PartsFrame, length: number): boolean {
  const message = current.beside.find(({ generation }) => generation?.id === frame.generation);
  if (message === undefined) return false;
  const { thread: next, resubscribe } = applyParts(aloneIn(current, message, lives.get(message.id) ?? null), frame);
  take(current, message, next);
  if (resubscribe) follow(current.session);
  const { after, due } = count(unacknowledged.get(frame.generation) ?? NOTHING, frame.generation, length, Date.now());
  unacknowledged = new Map(next.live === null ? [] : [...unacknowledged, [frame.generation, after]]);
  if (due && next.live !== null) tell({ type: "acknowledge", generation: frame.generation, seq: next.live.seq });
  return true;
}

function takeSnapshot(current: Thread, frame: Extract<ServerFrame, { type: "snapshot" }>): boolean {
  if (frame.session !== current.session || !belongs(current, frame.message)) return false;
  const message = current.beside.find(({ id }) => id === frame.message.id) ?? frame.message;
  add(current.session, [message]);
  take(current, message, applySnapshot(aloneIn(current, message, lives.get(message.id) ?? null), frame));
  return true;
}

/** Of a command that asks beside what is there. The main thread must not take its answer for the next of the branch. */
function takeAck(current: Thread, id: Id, result: AckResult): boolean {
  const session = result.session?.id;
  if (session !== current.session) return false;
  const others = result.beside ?? [];
  const command = find(outbox.peek(), id);
  if (command === undefined) {
    const known = new Set(current.beside.map(({ generation }) => generation?.id));
    if (others.some((one) => typeof one === "string" && !known.has(one))) void load(session);
    return false;
  }
  add(session, others.filter((one) => typeof one !== "string"), command.type === "send" ? result.answer : undefined);
  const isBeside = command.type === "regenerate" && (command.beside?.length ?? 0) > 0;
  const isOneOfThem = (command.type === "regenerate" || command.type === "continue") && current.beside.some((one) => one.id === command.message);
  if (result.answer === undefined || !(isBeside || isOneOfThem)) return false;
  add(session, [result.answer]);
  if (result.session !== undefined) takeSession(result.session);
  settle(id, { ok: true, result });
  return true;
}

function takes(frame: ServerFrame, length: number): boolean {
  const current = thread.peek();
  if (current === null) return false;
  switch (frame.type) {
    case "ack":
      return takeAck(current, frame.id, frame.result);
    case "parts":
      return takeParts(current, frame, length);
    case "snapshot":
      return takeSnapshot(current, frame);
    case "message": {
      const mine = frame.session === current.session && belongs(current, frame.message);
      if (mine) add(current.session, [frame.message]);
      return mine;
    }
    default:
      return false;
  }
}

function perform(command: Parameters<typeof issue>[0] & { session: Id }): void {
  void issue(command).then((answer) => {
    if (answer.ok) return;
    showProblem(answer.problem);
    void load(command.session);
  });
}

/** Asks another model beside an answer, which stays. */
export function askBeside(message: Id, model: Id): void {
  const session = openSession.peek();
  if (session !== null) perform({ type: "regenerate", id: newId("c"), session, message, model: null, beside: [model] });
}

/** Answers again in the same place; by the same model, where several stand side by side and no other is named. `words`: what should be different. */
export function askAgain({ id, generation }: Message, model?: Id, words?: string | null): void {
  const current = thread.peek();
  if (current === null) return;
  const asked = model ?? (columns.peek().length > 1 ? (generation?.model?.id ?? null) : null);
  if (!current.beside.some((one) => one.id === id)) regenerate(id, asked, words);
  else perform({ type: "regenerate", id: newId("c"), session: current.session, message: id, model: asked, beside: [], ...guidanceOf(words) });
}

export function goOn({ id }: Message): void {
  const current = thread.peek();
  if (current === null) return;
  if (!current.beside.some((one) => one.id === id)) continueAnswer(id);
  else perform({ type: "continue", id: newId("c"), session: current.session, message: id });
}

/** Stops one of them; the others go on. */
export function stopOne(message: Message): void {
  const live = lives.get(message.id);
  const session = openSession.peek();
  if (live === undefined) {
    if (thread.peek()?.live?.message === message.id) stopShown();
    return;
  }
  if (live.frozen || session === null) return;
  setLive(message.id, { ...live, frozen: true });
  stopGeneration(session, live.generation, live.seq, () => setLive(message.id, thawed(live)));
}

/** The chat goes on with this one. */
export function goOnWith(message: Message): void {
  const current = thread.peek();
  if (current === null || leading(current)?.id === message.id) return;
  const swapped = choose(current, lives, message);
  batch(() => {
    lives = swapped.lives;
    thread.value = swapped.thread;
    compared.value = NOTHING_COMPARED;
    paint();
  });
  perform({ type: "show", id: newId("c"), session: current.session, message: message.id });
}

/** One answer is written out of them, by the model of the chat where no other is named, and the chat goes on with it. */
export function merge(model: Id | null = null): void {
  const messages = mergeable.peek();
  if (messages.length === 0) return;
  batch(() => {
    compared.value = NOTHING_COMPARED;
    another(awaitMerged, (id, session) => ({ type: "merge", id, session, messages, model }));
  });
}

/** Whether a model is asked as well. */
export function compare(model: Id): void {
  const others = compared.peek().filter((id) => id !== model);
  compared.value = others.length < compared.peek().length ? others : [...others, model].slice(0, MOST - 1);
}

export function startBeside(): void {
  Object.assign(side, {
    takes,
    position: () => ({
      beside: [...lives.values()].map(({ generation, seq }) => ({ generation, after: seq })),
    }),
    models: () => ({ beside: comparing.peek().map(({ id }) => id) }),
    stop: () => { for (const message of thread.peek() === null ? [] : besideLast(thread.peek() as Thread)) if (lives.has(message.id)) stopOne(message); },
  } satisfies typeof side);
  effect(() => {
    const current = thread.value;
    const next = current === null ? new Map() : livesOf(current, lives);
    const same = next.size === lives.size && [...next].every(([id, live]) => lives.get(id) === live);
    if (same) return;
    lives = next;
    paint();
  });
  let before: Id | null | undefined;
  effect(() => {
    const now = openSession.value;
    const chosen = compared.value;
    const begins = before === null && now !== null && waitingFor(outbox.peek(), now).some(({ type }) => type === "create");
    if (now !== before && !begins) compared.value = now === null ? NOTHING_COMPARED : readCompared(ownSession, now);
    else if (now !== null) keepCompared(ownSession, now, chosen);
    before = now;
  });
  // What was subscribed to before this was loaded told of the answer of the branch alone.
  if (thread.peek()?.phase === "ready") followAgain();
}

export const isWritten = ({ generation }: Message): boolean => generation !== null && !isFinal(generation.status);
