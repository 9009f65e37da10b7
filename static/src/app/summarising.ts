// Summaries that are made while one looks on.

import { effect } from "@preact/signals";
import { withSummary } from "../core/summaries.ts";
import { change } from "./opening.ts";
import { news } from "./store.ts";

export function startSummarising(): void {
  effect(() => {
    const frame = news.value;
    if (frame?.type === "summary") change(frame.session, (current) => withSummary(current, frame));
  });
}
