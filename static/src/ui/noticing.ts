// Answers that end: seen by whoever looks at them, and told to whoever looks elsewhere.

import { effect, untracked } from "@preact/signals";
import { showProblem, takeSession } from "../app/listing.ts";
import { go } from "../app/routing.ts";
import { session, sessions } from "../app/store.ts";
import type { Id, Session } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { markRead } from "../transport/personal.ts";
import { RequestFailed } from "../transport/rest.ts";
import { notifications } from "./preferring.ts";
import { titleOf } from "./SessionRow.tsx";

async function see(shown: Session, leaf: Id): Promise<void> {
  try {
    takeSession(await markRead(shown.id, leaf));
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    if (error.status !== 0 && error.status !== 404) showProblem(error.problem);
  }
}

function look(): void {
  const shown = session.value;
  if (document.hidden || shown === null || !shown.unread || shown.leaf === null) return;
  void see(shown, shown.leaf);
}

function notify(ended: Session): void {
  try {
    // One for a chat, however many tabs of this browser are open.
    const shown = new Notification(titleOf(ended), { body: t("The answer is there."), tag: ended.id });
    shown.onclick = () => {
      window.focus();
      go(ended.id);
      shown.close();
    };
  } catch {
    // Browsers of phones let no page do this by itself.
  }
}

function mayNotify(): boolean {
  return notifications.peek() === "hidden" && document.hidden && "Notification" in window && Notification.permission === "granted";
}

export function startNoticing(): void {
  effect(look);
  document.addEventListener("visibilitychange", () => untracked(look));
  let running: ReadonlySet<Id> = new Set();
  effect(() => {
    const ended = sessions.value.filter(({ id, generation }) => generation === null && running.has(id));
    running = new Set(sessions.value.filter(({ generation }) => generation !== null).map(({ id }) => id));
    if (mayNotify()) ended.forEach(notify);
  });
}
