import type { JSX } from "preact";
import { painted } from "../app/painting.ts";
import { memoryChange } from "../core/memories.ts";
import type { ToolPart, ToolState } from "../core/protocol.ts";
import { questionOf } from "../core/question.ts";
import { t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";
import { MemoryCall } from "./MemoryCall.tsx";

const STATES: Readonly<Record<ToolState, string>> = {
  "input-streaming": t("preparing"),
  "input-available": t("running"),
  "output-available": t("done"),
  "output-error": t("failed"),
};

/** Of an answer that has ended, a call without a result is one of which nothing came. */
function stateOf(tool: ToolPart): string {
  const open = tool.state === "input-streaming" || tool.state === "input-available";
  return open && painted.value?.parts.includes(tool) !== true ? t("without result") : STATES[tool.state];
}

function pretty(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function argumentsOf(tool: ToolPart): string {
  return tool.input === undefined || tool.input === null ? (tool.rawInput ?? "") : pretty(tool.input);
}

export function ToolCall({ tool }: { tool: ToolPart }): JSX.Element | null {
  // It stands at the end of the answer (Ending.tsx).
  if (questionOf(tool) !== null) return null;
  const change = memoryChange(tool);
  return change === null ? <AnyCall tool={tool} /> : <MemoryCall change={change} />;
}

function AnyCall({ tool }: { tool: ToolPart }): JSX.Element {
  const input = argumentsOf(tool);
  return (
    <details class={`tool ${tool.state}`}>
      <summary>
        <Icon name="tool" />
        <span><code>{tool.toolName}</code></span>
        <span class="tool-state">{stateOf(tool)}</span>
        <Icon name="chevron" />
      </summary>
      {input !== "" && <pre tabIndex={0} role="region" aria-label={t("Arguments")}><code>{input}</code></pre>}
      {tool.output !== undefined && <pre tabIndex={0} role="region" aria-label={t("Result")}><code>{pretty(tool.output)}</code></pre>}
      {tool.errorText !== undefined && <p class="tool-error">{tool.errorText}</p>}
    </details>
  );
}
