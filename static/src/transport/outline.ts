import type { Id } from "../core/protocol.ts";
import type { Outlined } from "../core/tree.ts";
import { get } from "./rest.ts";

export interface Outline {
  /** All messages of all branches, in the order of their writing. */
  messages: readonly Outlined[];
  leaf: Id | null;
}

export const getOutline = (session: Id): Promise<Outline> => get(`sessions/${session}/outline`);
