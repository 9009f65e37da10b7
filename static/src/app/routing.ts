// Addresses: "/" is a new chat, "/c/<session>" a session, "/c/<session>#<message>" a message of it.

import type { Id } from "../core/protocol.ts";
import { leave, open } from "./opening.ts";
import { newIn, target, temporary } from "./store.ts";

function sessionIn(path: string): Id | null {
  return /^\/c\/([A-Za-z0-9_-]{16,64})\/?$/.exec(path)?.[1] ?? null;
}

function show(): void {
  const session = sessionIn(location.pathname);
  const message = /^#([A-Za-z0-9_-]{16,64})$/.exec(location.hash)?.[1];
  newIn.value = null;
  temporary.value = false;
  target.value = session === null || message === undefined ? null : { session, message };
  if (session === null) leave();
  else open(session);
}

export function showAddress(session: Id | null): void {
  const path = session === null ? "/" : `/c/${session}`;
  if (location.pathname !== path) history.pushState(null, "", path);
}

export function go(session: Id | null, message: Id | null = null): void {
  if (session !== null && message !== null) history.pushState(null, "", `/c/${session}#${message}`);
  else showAddress(session);
  show();
}

export function startRouting(): void {
  window.addEventListener("popstate", show);
  show();
}
