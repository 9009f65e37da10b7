// What is said while nothing has been said yet: by what is known, and by how long it takes.

import type { Attempt } from "./protocol.ts";
import { t } from "./t.ts";
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
  if (left <= 0) return model === asked ? t("{title}. Trying {model} again…", { title, model }) : t("{title}. Trying {model}…", { title, model });
  return model === asked
    ? t("{title}. Trying {model} again in {left} s…", { title, model, left })
    : t("{title}. Trying {model} in {left} s…", { title, model, left });
}

/** A sentence, and whether it is worth saying before somebody wonders. */
export function waitingFor({ attempt, sent, online, elapsed, model }: Waited): { text: string; atOnce: boolean } {
  if (!online) return { text: t("Waiting for the connection. Your message is kept."), atOnce: true };
  if (attempt !== null) return { text: trying(attempt, model, elapsed), atOnce: true };
  if (!sent) return { text: t("Sending…"), atOnce: false };
  if (elapsed < LONG) return { text: t("Waiting for {model}…", { model }), atOnce: false };
  if (elapsed < VERY_LONG) return { text: t("{model} takes longer than usual ({elapsed} s)…", { model, elapsed }), atOnce: false };
  return { text: t("Still no word from {model} ({elapsed} s). You can stop, and ask another model.", { model, elapsed }), atOnce: false };
}
