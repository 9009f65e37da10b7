// What the page knows, as signals. Components read it; only the modules of this folder write it.

import { computed, signal } from "@preact/signals";
import { NO_SIBLINGS } from "../core/branches.ts";
import { type Connection, START } from "../core/connection.ts";
import type { Outbox } from "../core/outbox.ts";
import type { Folder } from "../core/personal.ts";
import type { Effort, Id, Limits, Problem, Reference, ServerFrame, Session } from "../core/protocol.ts";
import type { Queue, Queued } from "../core/queue.ts";
import { t } from "../core/t.ts";
import { isBusy, type Thread } from "../core/thread.ts";
import type { Agent, Model, Studio } from "../transport/rest.ts";

export const connection = signal<Connection>(START);
export const limits = signal<Limits>({ message_characters: 100_000, frame_bytes: 1_048_576, file_bytes: 20_971_520, files: 10 });
export const studio = signal<Studio | null>(null);
/** What was read last of a team that is not the active one. */
export const elsewhere = signal<Studio | null>(null);
export const startProblem = signal<Problem | null>(null);

export const sessions = signal<readonly Session[]>([]);
/** The cursor of the next page of sessions; null when all are there. */
export const nextSessions = signal<string | null>(null);
/** The last frame of those that only what is loaded later understands. */
export const news = signal<ServerFrame | null>(null);

export const folders = signal<readonly Folder[]>([]);
export const tags = signal<readonly string[]>([]);
/** For each folder of which something was read: the cursor of its next page, null when all is there. */
export const folderPages = signal<ReadonlyMap<Id, string | null>>(new Map());
/** Sessions that are chosen to do something with all of them; null where none is to be chosen. */
export const selected = signal<ReadonlySet<Id> | null>(null);

/** The session on the screen; null is a new chat. */
export const openSession = signal<Id | null>(null);
export const thread = signal<Thread | null>(null);
/** The message that somebody wants to go to, until it is on the screen. */
export const target = signal<{ session: Id; message: Id } | null>(null);
export const outbox = signal<Outbox>([]);

export interface Choice {
  model: Id | null;
  agent: Id | null;
  effort: Effort | null;
}

/** What a new chat will begin with. */
export const choice = signal<Choice>({ model: null, agent: null, effort: null });
/** The folder that a new chat will lie in. */
export const newIn = signal<Folder | null>(null);

/** Whether a new chat will be a temporary one. */
export const temporary = signal(false);

export interface Notice {
  text: string;
  problem?: Problem;
  action?: { label: string; perform(): void };
}

/** One line at the foot of the page. */
export const notice = signal<Notice | null>(null);

export const messages = computed(() => thread.value?.messages ?? []);

export const session = computed(() => sessions.value.find(({ id }) => id === openSession.value) ?? null);

/** The names of those who let the viewer write in their chats, by the chat (together.ts). */
export const owners = signal<ReadonlyMap<Id, string>>(new Map());

/** Whose the open chat is, by name; null where it is the viewer's own. */
export const owner = computed(() => (session.value?.guest === true ? (owners.value.get(session.value.id) ?? t("Owner")) : null));

/** The open chat's team, where it is not the active one. */
export const foreignTeam = computed((): Id | null => {
  const team = session.value?.team;
  return team && studio.value && team !== studio.value.team?.id ? team : null;
});

/** What may be used here: in the open chat's team, whichever is active. Null while that is not known. */
export const offered = computed((): Studio | null => {
  const team = foreignTeam.value;
  if (team === null) return studio.value;
  return elsewhere.value?.team?.id === team ? elsewhere.value : null;
});

export const siblings = computed(() => thread.value?.siblings ?? NO_SIBLINGS);

export const busy = computed(() => thread.value !== null && isBusy(thread.value));

/** Whether the files in the composer can be sent as they are; null where there are none (attaching.ts). */
export const filesReady = signal<boolean | null>(null);

/** What is sent when the answer in a session ends (queueing.ts). */
export const queue = signal<Queue>({});

const NONE: readonly Queued[] = [];

/** What waits in the open session. */
export const queued = computed(() => queue.value[openSession.value ?? ""] ?? NONE);

export const stopping = computed(() => thread.value?.live?.frozen ?? false);

export const agent = computed((): Agent | null => {
  const id = openSession.value === null ? choice.value.agent : (session.value?.agent?.id ?? null);
  return offered.value?.agents.find((agent) => agent.id === id) ?? null;
});

export interface Effective {
  model: Model | null;
  /** Who decided: the reader, the agent, or nobody. */
  by: "choice" | "agent" | "default";
}

const idOf = (reference: { id: Id } | Id | null): Id | null => (typeof reference === "string" ? reference : (reference?.id ?? null));

/** The model that will answer next. */
export const effective = computed((): Effective => {
  const models = offered.value?.models ?? [];
  const chosen = openSession.value === null ? choice.value.model : (session.value?.model?.id ?? null);
  const find = (id: Id | null): Model | undefined => models.find((model) => model.id === id);
  const byReader = find(chosen);
  if (byReader !== undefined) return { model: byReader, by: "choice" };
  const byAgent = find(idOf(agent.value?.model ?? null));
  if (byAgent !== undefined) return { model: byAgent, by: "agent" };
  return { model: models.find((model) => model.is_default) ?? models[0] ?? null, by: "default" };
});

/** The open chat's own model, when its team is offered it no more. Nothing is sent until another one is chosen. */
export const lost = computed((): Reference | null => {
  const known = offered.value;
  const model = session.value?.model ?? null;
  // Until it is known what the team is offered, the server refuses.
  return known === null || known.models.some(({ id }) => id === model?.id) ? null : model;
});
