// The words of docs/protocol.md for what is a person's own: folders, preferences, drafts.

import type { Id, Reference } from "./protocol.ts";

export interface Folder {
  id: Id;
  team: Id;
  /** The folder that it lies in. */
  parent: Id | null;
  name: string;
  model: Reference | null;
  agent: Reference | null;
  instructions: string;
  /** Whether a link leads to what lies in it. */
  shared: boolean;
}

/** What a person has chosen for all of their devices. `teams`: what new chats begin with in each. */
export interface Preferences {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  send_key: "enter" | "ctrl-enter";
  notifications: "off" | "hidden";
  /** Of the pages: a code, or "automatic", as the browser has it. */
  language: string;
  teams: readonly { team: Reference; model: Reference | null; agent: Reference | null }[];
}

/** A draft as the server has it; `version` counts the writes, 0 is one that was never written. */
export interface StoredDraft {
  text: string;
  version: number;
}
