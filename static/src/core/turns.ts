// A thread as it is drawn: turns, and runs of turns that are drawn or left out together.

import type { ShownMessage } from "./thread.ts";

/** A message of the reader's with everything that follows it. The oldest one may lack its beginning, which is on an older page. */
export interface Turn {
  key: string;
  messages: readonly ShownMessage[];
}

/** Turns that are neighbours: never none. */
export interface Run {
  key: string;
  turns: readonly Turn[];
  messages: readonly ShownMessage[];
}

/** So many turns make a run at most: few enough to be drawn within a frame, enough to be few. */
export const RUN = 5;

/** The same for a message that is on its way and once it is stored. */
export const keyOf = (message: ShownMessage): string => message.client_id ?? message.id;

export function turnsOf(shown: readonly ShownMessage[]): Turn[] {
  const turns: { key: string; messages: ShownMessage[] }[] = [];
  for (const message of shown) {
    const turn = turns.at(-1);
    if (turn === undefined || message.role === "user") turns.push({ key: keyOf(message), messages: [message] });
    else turn.messages.push(message);
  }
  return turns;
}

/**
 * No turn ever goes from one run to another while older pages come before them and new messages after them: it would be drawn anew, and
 * what is selected or open in it would be lost. So runs are counted from `heads`, the turns at which pages began; the first one that
 * is whole is added to them.
 */
export function runsOf(turns: readonly Turn[], heads: Set<string>): Run[] {
  const whole = turns.find(({ messages }) => messages[0]?.role === "user");
  if (whole !== undefined) heads.add(whole.key);
  const runs: { key: string; turns: Turn[]; messages: ShownMessage[] }[] = [];
  for (const turn of turns) {
    const run = runs.at(-1);
    if (run === undefined || run.turns.length === RUN || heads.has(turn.key)) runs.push({ key: turn.key, turns: [turn], messages: [...turn.messages] });
    else {
      run.turns.push(turn);
      run.messages.push(...turn.messages);
    }
  }
  return runs;
}
