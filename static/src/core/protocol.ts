// The words of docs/protocol.md as types, and the one function that reads a frame.

import type { Folder, Preferences, StoredDraft } from "./personal.ts";

export type Id = string;

/** An error object of the protocol: `code` is stable, `text` is for people, `retry_after` is in seconds. Where `text` has details,
 * `sentence` has places for `values`. */
export interface Problem {
  code: string;
  text: string;
  sentence?: string;
  values?: Readonly<Record<string, string | number>>;
  retryable: boolean;
  retry_after: number | null;
}

export interface Reference {
  id: Id;
  name: string;
}

export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

export interface Session {
  id: Id;
  team: Id;
  title: string;
  model: Reference | null;
  agent: Reference | null;
  /** Null: as the agent or the model says. */
  effort: Effort | null;
  /** Of a thread: the message of another chat that it departs from. Servers of an older version leave it out. */
  forked_from?: Id | null;
  folder: Id | null;
  tags: readonly string[];
  pinned: boolean;
  archived: boolean;
  temporary: boolean;
  /** Somebody else's, who lets the viewer write in it; and whether others than its owner do. Servers of an older version leave both out. */
  guest?: boolean;
  joint?: boolean;
  /** An answer has ended that was not seen on any device. */
  unread: boolean;
  leaf: Id | null;
  generation: Id | null;
  created_at: string;
  updated_at: string;
}

export type Status = "pending" | "streaming" | "stopping" | "completed" | "stopped" | "failed" | "interrupted";

/** Times are in milliseconds, `cost` is decimal text in dollars; null where it is not known. */
export interface Metadata {
  /** The model that answered; `tried` are those that gave nothing before it. */
  model: Reference | null;
  tried: readonly { model: string; provider: string; code: string }[];
  /** The provider did not count: the tokens are an estimate. */
  is_estimated: boolean;
  requested_model: string | null;
  actual_model: string | null;
  provider: string | null;
  effort: { level: Effort; by: "chat" | "agent" | "model" } | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cached_tokens: number | null;
  reasoning_tokens: number | null;
  cost: string | null;
  first_token_ms: number | null;
  /** From the first thought to the first word. */
  reasoning_ms: number | null;
  duration_ms: number | null;
  attempts: number | null;
  /** The message up to which the model read a summary. */
  summarised: Id | null;
}

export interface Generation {
  id: Id;
  status: Status;
  model: Reference | null;
  agent: Reference | null;
  error: Problem | null;
  finish_reason: string | null;
  metadata: Partial<Metadata>;
  /** Of answers side by side: the generation that leads, null for that one; and where it stands. */
  beside?: Id | null;
  place?: number;
  /** Of an answer made out of others: each one's message (null in a fork) and the name of its model. */
  merged_from?: readonly { message: Id | null; model: string | null }[];
  /** What was wanted of it, where it was asked for again. */
  guidance?: string | null;
  feedback: Feedback | null;
}

export type Rating = "up" | "down";

/** What the reader thinks of an answer. */
export type Feedback = Readonly<{ rating: Rating; reason: string | null }>;

export interface TextPart {
  type: "text" | "reasoning";
  text: string;
}

export type ToolState = "input-streaming" | "input-available" | "output-available" | "output-error";

export interface ToolPart {
  type: "dynamic-tool";
  toolCallId: string;
  toolName: string;
  state: ToolState;
  input?: unknown;
  rawInput?: string;
  output?: unknown;
  errorText?: string;
}

export interface TransitionPart {
  type: "data-transition";
  data: { kind: "model" | "agent"; from: string | null; to: string | null };
}

/** The first part of an answer that was written anew by hand. */
export interface EditedPart {
  type: "data-edited";
  data: { message: Id; model: string | null };
}

/** What says of a file that came with a message; never what is in it. */
export interface FilePart {
  type: "file";
  attachment: Id;
  url: string;
  filename: string;
  mediaType: string;
  /** In bytes. */
  size: number;
}

/** What an answer rests on; the URL is http or https. */
export interface SourcePart {
  type: "source-url" | "source-document";
  sourceId: string;
  url?: string;
  title: string;
}

export type Part = SourcePart | TextPart | FilePart | ToolPart | TransitionPart | EditedPart;

export interface Message {
  id: Id;
  client_id: Id | null;
  parent: Id | null;
  role: "user" | "assistant" | "transition";
  /** The guest who wrote it; null: the chat's owner, or nobody. */
  author?: Reference | null;
  parts: readonly Part[];
  created_at: string;
  generation: Generation | null;
  /** Of everything up to this message; models get it where the text does not fit. */
  summary?: Summary | null;
}

/** `model`: the name of the one that wrote it. */
export type Summary = Readonly<{ text: string; tokens: number; model: string; created_at: string }>;

/** What is being tried before the first token: it goes to `model` (a name) after `delay` seconds, because of `code`. */
export interface Attempt {
  model: string;
  attempt: number;
  delay: number | null;
  code: string;
  text: string;
}

export type StreamPart =
  | { type: "start"; messageId: Id; messageMetadata?: { generation?: Id; model?: unknown; agent?: unknown } }
  | { type: "start-step" | "finish-step" }
  | { type: "text-start" | "text-end" | "reasoning-start" | "reasoning-end"; id: string }
  | { type: "text-delta" | "reasoning-delta"; id: string; delta: string }
  | { type: "tool-input-start"; toolCallId: string; toolName: string }
  | { type: "tool-input-delta"; toolCallId: string; inputTextDelta: string }
  | { type: "tool-input-available"; toolCallId: string; toolName: string; input: unknown }
  | { type: "tool-input-error"; toolCallId: string; toolName: string; input: unknown; errorText: string }
  | { type: "tool-output-available"; toolCallId: string; output: unknown }
  | { type: "tool-output-error"; toolCallId: string; errorText: string }
  | SourcePart
  | { type: "data-attempt"; data: Attempt }
  | { type: "data-error"; data: Problem }
  | { type: "finish"; finishReason?: string; messageMetadata?: Partial<Metadata> }
  | { type: "abort"; reason?: string }
  | { type: "error"; errorText: string };

export interface Limits {
  message_characters: number;
  frame_bytes: number;
  /** The largest file, and how many a message takes. */
  file_bytes: number;
  files: number;
}

/** How far a client is with a generation. */
export interface Position {
  generation: Id;
  after: number | null;
}

export interface AckResult {
  session?: Session;
  message?: Message;
  answer?: Message;
  generation?: Id | null;
  status?: Status;
  /** Answers that were begun beside `answer`; of a subscription the ids of generations. */
  beside?: readonly (Message | Id)[];
}

export interface PartsFrame {
  type: "parts";
  generation: Id;
  after: number;
  seq: number;
  parts: readonly StreamPart[];
}

export interface SnapshotFrame {
  type: "snapshot";
  session: Id;
  generation: Id;
  seq: number;
  message: Message;
}

export type ServerFrame =
  | { type: "welcome"; protocol: number; limits: Limits; running: readonly { session: Id; generation: Id }[] }
  | { type: "ack"; id: Id; result: AckResult }
  | ({ type: "error"; id: Id | null } & Problem)
  | PartsFrame
  | SnapshotFrame
  | { type: "session"; session: Session }
  | { type: "session-deleted"; session: Id }
  | { type: "folders"; folders: readonly Folder[] }
  | { type: "preferences"; preferences: Preferences }
  | ({ type: "draft"; session: Id | null } & StoredDraft)
  | { type: "message"; session: Id; message: Message }
  | { type: "branch"; session: Id; leaf: Id }
  | { type: "summary"; session: Id; message: Id; summary: Summary };

export type ClientFrame =
  | { type: "create"; id: Id; session: Id; model: Id | null; agent: Id | null; effort: Effort | null; folder: Id | null; temporary: boolean }
  | { type: "subscribe"; id: Id; session: Id; generation: Id | null; after: number | null; beside?: readonly Position[] }
  | { type: "unsubscribe"; id: Id; session: Id }
  | { type: "send"; id: Id; session: Id; parent: Id | null; text: string; attachments: readonly Id[]; beside?: readonly Id[] }
  | { type: "regenerate"; id: Id; session: Id; message: Id; model: Id | null; beside?: readonly Id[]; guidance?: string }
  | { type: "merge"; id: Id; session: Id; messages: readonly Id[]; model: Id | null }
  | { type: "continue" | "show"; id: Id; session: Id; message: Id }
  | { type: "revise"; id: Id; session: Id; message: Id; text: string }
  | { type: "fork"; id: Id; session: Id; message: Id; target: Id }
  | { type: "rate"; id: Id; session: Id; message: Id; rating: Rating | null; reason: string | null }
  | { type: "stop"; id: Id; generation: Id; seen: number | null }
  | { type: "switch"; id: Id; session: Id; model: Id | null; agent: Id | null; effort: Effort | null }
  | { type: "acknowledge"; generation: Id; seq: number }
  | { type: "ping"; id: Id };

const SERVER_FRAMES: ReadonlySet<string> = new Set([
  "welcome", "ack", "error", "parts", "snapshot", "session", "session-deleted", "folders", "preferences", "draft", "message", "branch", "summary",
] satisfies ServerFrame["type"][]);

/** Reads a text frame; null for one that is not JSON or of a type that this page does not know yet. */
export function parseServerFrame(text: string): ServerFrame | null {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof frame !== "object" || frame === null) return null;
  const { type } = frame as { type?: unknown };
  return typeof type === "string" && SERVER_FRAMES.has(type) ? (frame as ServerFrame) : null;
}

const FINAL: ReadonlySet<Status> = new Set(["completed", "stopped", "failed", "interrupted"]);

export function isFinal(status: Status): boolean {
  return FINAL.has(status);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/** A new id for a session ("s") or a command ("c"): 132 random bits. */
export function newId(prefix: "s" | "c"): Id {
  let id = `${prefix}-`;
  for (const byte of crypto.getRandomValues(new Uint8Array(22))) id += ALPHABET[byte & 63];
  return id;
}
