// Requests about who writes in a chat.

import type { Id } from "../core/protocol.ts";
import { get, request } from "./rest.ts";

export interface Person {
  id: Id;
  /** Their address, where they gave none. */
  name: string;
  email: string;
}

export interface Writer extends Person {
  owner: boolean;
}

export interface People {
  /** The owner first. */
  people: readonly Writer[];
  /** Who could be added; nobody, for a guest. */
  colleagues: readonly Person[];
}

export const getPeople = (session: Id): Promise<People> => get(`sessions/${session}/people`);

export async function addPerson(session: Id, user: Id): Promise<People> {
  const response = await request("POST", `sessions/${session}/people`, { user });
  return (await response.json()) as People;
}

/** Guests take themselves out alone: they leave. */
export async function takeOut(session: Id, user: Id): Promise<void> {
  await request("DELETE", `sessions/${session}/people/${user}`);
}
