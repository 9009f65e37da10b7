// Choosing the model, the agent and the effort, before a chat begins and in the middle of one.

import { type Id, newId, type Reference } from "../core/protocol.ts";
import { changed, upsert } from "../core/sessions.ts";
import { type Answer, issue } from "./commands.ts";
import { showProblem } from "./listing.ts";
import { isCurrent, load } from "./opening.ts";
import { switching } from "./writing.ts";
import { type Choice, choice, lost, offered, openSession, session, sessions, thread } from "./store.ts";

function reference(known: readonly Reference[], id: Id | null): Reference | null {
  const found = known.find((one) => one.id === id);
  return found === undefined ? null : { id: found.id, name: found.name };
}

async function switched(id: Id, answer: Answer): Promise<void> {
  if (!answer.ok) {
    showProblem(answer.problem);
    await load(id);
    return;
  }
  const current = thread.peek();
  const leaf = answer.result.session?.leaf ?? null;
  if (current?.session === id && !isCurrent(current, leaf)) await load(id);
}

function choose(change: Partial<Choice>): void {
  const id = openSession.peek();
  if (id === null) {
    choice.value = { ...choice.peek(), ...change };
    return;
  }
  const known = offered.peek();
  const before = session.peek();
  if (known === null || before === null) return;
  const { model, agent, effort } = { model: before.model?.id ?? null, agent: before.agent?.id ?? null, effort: before.effort, ...change };
  const after = { ...before, model: reference(known.models, model), agent: reference(known.agents, agent), effort };
  sessions.value = upsert(sessions.peek(), [after]);
  switching.answered = issue({ type: "switch", id: newId("c"), session: id, model, agent, effort }).then((answer) => {
    const had = { model: before.model, agent: before.agent, effort: before.effort };
    if (!answer.ok) sessions.value = changed(sessions.peek(), [id], () => had);
    return switched(id, answer);
  });
}

export function chooseModel(model: Id | null): void {
  choose({ model });
}

export function chooseAgent(agent: Id | null): void {
  choose(lost.peek() === null ? { agent } : { agent, model: null });
}

export function chooseEffort(effort: Choice["effort"]): void {
  choose({ effort });
}
