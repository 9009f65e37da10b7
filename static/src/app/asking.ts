// Asking the same once more.

import type { Command } from "../core/outbox.ts";
import { type Id, newId } from "../core/protocol.ts";
import { awaitAnswer, awaitContinuation, guidanceOf } from "../core/again.ts";
import { isBusy, type Thread } from "../core/thread.ts";
import { issue } from "./commands.ts";
import { showProblem } from "./listing.ts";
import { load } from "./opening.ts";
import { thread } from "./store.ts";
import { stopUnwanted } from "./writing.ts";

/** Answers the same message once more. `model`: asked this once. `words`: what should be different. */
export function regenerate(message: Id, model: Id | null = null, words?: string | null): void {
  const show = (current: Thread, id: Id): Thread => awaitAnswer(current, id, message);
  another(show, (id, session) => ({ type: "regenerate", id, session, message, model, ...guidanceOf(words) }));
}

/** Goes on with an answer that broke off. */
export function continueAnswer(message: Id): void {
  another(awaitContinuation, (id, session) => ({ type: "continue", id, session, message }));
}

/** What is on the screen meanwhile, and the command; where it is refused, what was there before. */
export function another(show: (current: Thread, id: Id) => Thread, command: (id: Id, session: Id) => Command): void {
  const current = thread.peek();
  if (current === null || isBusy(current)) return;
  const { session } = current;
  const id = newId("c");
  thread.value = show(current, id);
  void issue(command(id, session)).then((answer) => {
    stopUnwanted(session, id, answer);
    if (answer.ok) return;
    // The answer that was there is there again.
    showProblem(answer.problem);
    void load(session);
  });
}
