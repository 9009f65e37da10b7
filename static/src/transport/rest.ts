// Requests that are not a stream.

import type { Folder } from "../core/personal.ts";
import type { Effort, Id, Message, Problem, Reference, Session } from "../core/protocol.ts";
import type { SessionPage } from "../core/sessions.ts";
import { t } from "../core/t.ts";
import { person } from "./own.ts";

export interface Model {
  id: Id;
  name: string;
  provider: string;
  is_default: boolean;
  capabilities: readonly string[];
  /** What a person may choose; none for a model that can't be asked to think. */
  efforts: readonly Effort[];
  context_window: number | null;
  /** Decimal text, dollars per million tokens. */
  input_price: string | null;
  output_price: string | null;
}

export interface Agent {
  id: Id;
  name: string;
  description: string;
  icon: string;
  starters: readonly string[];
  model: Reference | Id | null;
  /** The one that the person's new chats begin with. */
  is_default: boolean;
}

export interface Studio {
  user: { name: string; email: string; is_admin: boolean };
  team: Reference | null;
  /** How long chats of the team are kept (null: for ever), and temporary ones. */
  kept: { days: number | null; temporary_hours: number };
  teams: readonly Reference[];
  models: readonly Model[];
  agents: readonly Agent[];
  starters: readonly string[];
  unavailable: Problem | null;
}

export interface MessagePage {
  messages: readonly Message[];
  /** For each message that is not the only one after its parent, all of them. */
  siblings: Readonly<Record<Id, readonly Id[]>>;
  previous: Id | null;
  /** With the newest page: the answers that stand beside its last one. */
  beside?: readonly Message[];
  /** Chats that were forked from messages of the page. */
  threads?: readonly Session[];
}

/** The server's error object, or one that says that it was not reached (`status` 0). */
export class RequestFailed extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.text);
    this.status = status;
    this.problem = problem;
  }
}

const UNREACHABLE: Problem = {
  code: "unreachable",
  text: t("The server can't be reached. Check your connection."),
  retryable: true,
  retry_after: null,
};

const UNREADABLE: Problem = {
  code: "internal_error",
  text: t("The server answered with something that this page can't read. Try again."),
  retryable: true,
  retry_after: null,
};

export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as { error?: Problem };
    return body.error ?? UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

/** `keepalive`: it outlives the page. Browsers allow that for small bodies alone. */
export async function request(method: string, path: string, body?: unknown, keepalive = false): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "X-Person": person };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, {
      method,
      headers,
      keepalive,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new RequestFailed(0, UNREACHABLE);
  }
  if (!response.ok) throw new RequestFailed(response.status, await problemOf(response));
  return response;
}

export async function get<T>(path: string): Promise<T> {
  const response = await request("GET", path);
  return (await response.json()) as T;
}

export function query(parameters: Record<string, string | null>): string {
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== null);
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}

/** What a team offers, one's own; null is the active one. */
export const getStudio = (team: Id | null): Promise<Studio> => get(`studio${query({ team })}`);

export const getSession = (id: Id): Promise<Session> => get(`sessions/${id}`);

/** Sessions, newest activity first; `before` is the cursor of an earlier page. */
export const getSessions = (before: string | null): Promise<SessionPage> => get(`sessions${query({ before })}`);

/** Which list; all null is the plain one. */
export interface Shelf {
  scope?: "archived" | "deleted";
  folder?: Id;
  tag?: string;
}

export const getShelf = ({ scope, folder, tag }: Shelf, before: string | null): Promise<SessionPage> =>
  get(`sessions${query({ scope: scope ?? null, folder: folder ?? null, tag: tag ?? null, before })}`);

export const getFolders = (): Promise<{ folders: readonly Folder[]; tags: readonly string[] }> => get("folders");

/** The branch on the screen, newest page first; `before` is the oldest message of an earlier page. */
export const getMessages = (session: Id, before: Id | null): Promise<MessagePage> =>
  // Older ones come few at a time: drawing them must not hold up the reader who scrolls towards them.
  get(`sessions/${session}/messages${query({ before, limit: before && "20" })}`);

export async function renameSession(id: Id, title: string): Promise<void> {
  await request("PATCH", `sessions/${id}`, { title });
}
