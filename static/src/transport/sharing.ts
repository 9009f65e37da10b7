import type { Id } from "../core/protocol.ts";
import { get, request } from "./rest.ts";

export interface Share {
  id: Id;
  path: string;
  audience: "team" | "anyone";
  /** What comes later is shown too. */
  live: boolean;
  expires_at: string | null;
  created_at: string;
}

export type Terms = Pick<Share, "audience" | "live" | "expires_at">;

/** What a link leads to, as a path of REST. */
export type Shared = `sessions/${Id}` | `folders/${Id}`;

export const getShares = (shared: Shared): Promise<{ shares: readonly Share[] }> => get(`${shared}/shares`);

export async function share(shared: Shared, terms: Terms): Promise<Share> {
  const response = await request("POST", `${shared}/shares`, terms);
  return (await response.json()) as Share;
}

export async function endShare(id: Id): Promise<void> {
  await request("DELETE", `shares/${id}`);
}
