import type { Id, Session } from "../core/protocol.ts";
import { get } from "./rest.ts";

/** Where a thread came from; null where there is nothing to go back to. */
export interface Origin {
  origin: { session: Session; message: Id } | null;
}

export const getOrigin = (thread: Id): Promise<Origin> => get(`sessions/${thread}/origin`);
