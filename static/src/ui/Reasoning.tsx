import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { duration } from "../core/format.ts";
import { t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";
import { Markdown } from "./Markdown.tsx";

/** Folded; its summary says whether the model still thinks. `took`: in milliseconds, as the server measured it. */
export function Reasoning({ text, active, took }: { text: string; active: boolean; took: number | null }): JSX.Element {
  const watched = useRef<{ from: number | null; took: number | null }>({ from: null, took: null });
  const times = watched.current;
  if (active) times.from ??= performance.now();
  else if (times.from !== null) times.took ??= performance.now() - times.from;
  const known = took ?? times.took;
  const label = active ? t("Thinking…") : known === null ? t("Reasoning") : t("Thought for {time}", { time: duration(known) });
  return (
    <details class={active ? "reasoning active" : "reasoning"}>
      <summary>
        <Icon name="thought" />
        <span>{label}</span>
        <Icon name="chevron" />
      </summary>
      <Markdown text={text} growing={active} />
    </details>
  );
}
