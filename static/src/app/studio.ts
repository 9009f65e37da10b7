// Who is signed in, and which models and agents can be used now.

import { batch } from "@preact/signals";
import { getStudio, RequestFailed } from "../transport/rest.ts";
import { choice, startProblem, studio } from "./store.ts";

const FRESH_FOR = 10_000;

let readAt = -FRESH_FOR;

/** Reads it, unless that was done a moment ago. An administrator may have changed it since. */
export async function refreshStudio(always = false): Promise<void> {
  if (!always && performance.now() - readAt < FRESH_FOR) return;
  readAt = performance.now();
  try {
    const isFirst = studio.peek() === null;
    const read = await getStudio();
    batch(() => {
      studio.value = read;
      if (isFirst) choice.value = { ...choice.peek(), agent: choice.peek().agent ?? read.agents.find((one) => one.is_default)?.id ?? null };
    });
    startProblem.value = null;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    readAt = -FRESH_FOR;
    // What was read before still serves; the connection says whether one is signed in.
    if (studio.peek() === null) startProblem.value = error.problem;
  }
}
