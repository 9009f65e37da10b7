import type { Id, Session } from "../core/protocol.ts";
import { get, query } from "./rest.ts";

/** A piece of a text; `hit` marks what was searched for. */
export interface Segment {
  text: string;
  hit: boolean;
}

export interface FoundMessage {
  id: Id;
  role: "user" | "assistant";
  created_at: string;
  session: Session;
  snippet: readonly Segment[];
}

export interface FoundFile {
  id: Id;
  created_at: string;
  /** The newest message that it went with. */
  message: Id;
  session: Session;
  name: readonly Segment[];
  /** Empty: nothing could be read in it. */
  snippet: readonly Segment[];
}

export interface Found {
  sessions: readonly { session: Session; title: readonly Segment[] }[];
  files: readonly FoundFile[];
  messages: readonly FoundMessage[];
  next: string | null;
}

/** Null and the empty text: not asked for. `since` is a moment. */
export interface Asked {
  q: string;
  agent: Id | null;
  model: Id | null;
  since: string | null;
  /** Null: archived chats and all others. */
  archived: "true" | "false" | null;
}

/** Own chats, files and messages with all the words of `q`, newest first; `before` is the cursor of an earlier page. */
export const search = (asked: Asked, before: string | null): Promise<Found> => get(`search${query({ ...asked, before })}`);
