// What is said while nothing has been said yet: by what is known, and by how long it takes.

import type { Attempt } from "./protocol.ts";
import { titleOf } from "./titles.ts";

const LONG = 10;
const VERY_LONG = 45;

export interface Waited {
  attempt: Attempt | null;
  /** The server has the message. */
  sent: boolean;
  online: boolean;
  /** Seconds since the message was sent, or since this attempt began. */
  elapsed: number;
  /** The name of the model that is asked. */
  model: string;
}

function trying({ code, model, delay }: Attempt, asked: string, elapsed: number): string {
  const title = titleOf(code);
  const left = Math.ceil((delay ?? 0) - elapsed);
  const when = left > 0 ? ` in ${left} s` : "";
  return model === asked ? `${title}. Trying ${model} again${when}…` : `${title}. Trying ${model}${when}…`;
}

/** A sentence, and whether it is worth saying before somebody wonders. */
export function waitingFor({ attempt, sent, online, elapsed, model }: Waited): { text: string; atOnce: boolean } {
  if (!online) return { text: "Waiting for the connection. Your message is kept.", atOnce: true };
  if (attempt !== null) return { text: trying(attempt, model, elapsed), atOnce: true };
  if (!sent) return { text: "Sending…", atOnce: false };
  const since = elapsed >= LONG ? ` (${elapsed} s)` : "";
  if (elapsed < LONG) return { text: `Waiting for ${model}…`, atOnce: false };
  if (elapsed < VERY_LONG) return { text: `${model} takes longer than usual${since}…`, atOnce: false };
  return { text: `Still no word from ${model}${since}. You can stop, and ask another model.`, atOnce: false };
}
