// What follows a person from device to device.

import type { Preferences, StoredDraft } from "../core/personal.ts";
import type { Id, Session } from "../core/protocol.ts";
import { get, request } from "./rest.ts";

export const getPreferences = (): Promise<Preferences> => get("preferences");

/** Goes out even when the page is left at the same moment. */
export async function changePreferences(change: Partial<Omit<Preferences, "teams">>): Promise<Preferences> {
  const response = await request("PATCH", "preferences", change, true);
  return (await response.json()) as Preferences;
}

/** `place`: a session, or "new". */
export const getDraft = (place: string): Promise<StoredDraft> => get(`drafts/${place}`);

/** `version`: the one that was seen last. */
export async function putDraft(place: string, text: string, version: number): Promise<StoredDraft> {
  const response = await request("PUT", `drafts/${place}`, { text, version });
  return (await response.json()) as StoredDraft;
}

/** Says that the answer at the end of the session's branch was seen. */
export async function markRead(session: Id, leaf: Id): Promise<Session> {
  const response = await request("POST", `sessions/${session}/read`, { leaf });
  return (await response.json()) as Session;
}
