// Which models a chat asks side by side, until one is chosen: a tab keeps it over a reload.

import { keptBySession, type TextStore } from "./bySession.ts";
import type { Id } from "./protocol.ts";

export const NOTHING_COMPARED: readonly Id[] = [];

const isModels = (value: unknown): value is readonly Id[] => Array.isArray(value) && value.every((id) => typeof id === "string");
const kept = keptBySession("chat-studio.compared", 50, isModels);

export const readCompared = (store: TextStore, session: Id): readonly Id[] => kept.read(store, session) ?? NOTHING_COMPARED;

export const keepCompared = (store: TextStore, session: Id, models: readonly Id[]): void => kept.keep(store, session, models.length === 0 ? undefined : models);
