import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { connection, effective } from "../app/store.ts";
import { t } from "../core/t.ts";
import { waitingFor } from "../core/waiting.ts";
import type { WaitingProps } from "./Waiting.tsx";

const QUIET = 3;
const TICK = 1_000;

/** Seconds since it was shown first, counted from `since`: another attempt begins anew. */
function useElapsed(since: unknown): number {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const begun = performance.now();
    setElapsed(0);
    const timer = setInterval(() => setElapsed(Math.floor((performance.now() - begun) / 1000)), TICK);
    return () => clearInterval(timer);
  }, [since]);
  return elapsed;
}

/** What is happening, and how long it has been: at once when something is being tried, else when it takes long. */
export function WaitingWords({ attempt, sent, model }: WaitingProps): JSX.Element | null {
  const elapsed = useElapsed(attempt);
  const online = connection.value.phase === "live";
  const { text, atOnce } = waitingFor({ attempt, sent, online, elapsed, model: model ?? effective.value.model?.name ?? t("the model") });
  return atOnce || elapsed >= QUIET ? <span class="waiting-reason">{text}</span> : null;
}
