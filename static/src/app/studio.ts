// Who is signed in, and which models and agents can be used now.

import { batch, effect } from "@preact/signals";
import { getStudio, RequestFailed } from "../transport/rest.ts";
import { choice, elsewhere, foreignTeam, startProblem, studio } from "./store.ts";

const FRESH_FOR = 10_000;

let readAt = -FRESH_FOR;
let last: Promise<boolean> = Promise.resolve(false);

/** Reads it, unless that was done a moment ago. An administrator may have changed it since. Whether it could be read. */
export function refreshStudio(always = false): Promise<boolean> {
  if (always || performance.now() - readAt >= FRESH_FOR) {
    readAt = performance.now();
    last = readStudio();
  }
  return last;
}

async function readStudio(): Promise<boolean> {
  try {
    const isFirst = studio.peek() === null;
    const read = await getStudio(null);
    batch(() => {
      studio.value = read;
      if (isFirst) choice.value = { ...choice.peek(), agent: choice.peek().agent ?? read.agents.find((one) => one.is_default)?.id ?? null };
    });
    startProblem.value = null;
    return true;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    readAt = -FRESH_FOR;
    // What was read before still serves; the connection says whether one is signed in.
    if (studio.peek() === null) startProblem.value = error.problem;
    return false;
  }
}

/** What another team offers is read when one of its chats is opened, and again whenever the active one's is. */
effect(() => {
  const team = foreignTeam.value;
  if (team === null || studio.value === null) return;
  getStudio(team).then((read) => { if (foreignTeam.peek() === team) elsewhere.value = read; }).catch((error: unknown) => {
    // The pickers stay empty; the server says what is wrong when something is sent.
    if (!(error instanceof RequestFailed)) throw error;
  });
});
