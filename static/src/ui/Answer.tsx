import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { painted, paintedBeside } from "../app/painting.ts";
import { connection } from "../app/store.ts";
import { lastSaid, type LiveAnswer } from "../core/answer.ts";
import type { Message, Part } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { Markdown } from "./Markdown.tsx";
import { AnswerEditing, Ending, ToolCall } from "./rarely.ts";
import { Reasoning } from "./Reasoning.tsx";
import { editing } from "./screen.ts";
import { Waiting } from "./Waiting.tsx";

function PartView({ part, growing, thought }: { part: Part; growing: boolean; thought: number | null }): JSX.Element | null {
  switch (part.type) {
    case "text":
      return <Markdown text={part.text} growing={growing} />;
    case "reasoning":
      return part.text === "" && !growing ? null : <Reasoning text={part.text} active={growing} took={thought} />;
    case "dynamic-tool":
      return <ToolCall tool={part} />;
    default:
      return null;
  }
}

function Live({ answer, asked }: { answer: LiveAnswer; asked: string | null }): JSX.Element | null {
  if (answer.frozen) return <p class="note" data-stopping>{t("Stopping…")}</p>;
  if (connection.value.phase !== "live" && answer.parts.length > 0) return null;
  const said = answer.parts.some((part) => part.type !== "text" || part.text !== "");
  return said && answer.attempt === null ? null : <Waiting attempt={answer.attempt} sent model={asked} />;
}

/** An answer: from the stored message, or, while it is written, as it was last drawn. */
export function Answer({ message, isLast }: { message: Message; isLast: boolean }): JSX.Element {
  const live = useComputed(() => (painted.value?.message === message.id ? painted.value : (paintedBeside.value.get(message.id) ?? null))).value;
  const parts = live?.parts ?? message.parts;
  const agent = message.generation?.agent ?? null;
  const thought = message.generation?.metadata.reasoning_ms ?? null;
  if (editing.value === message.id) return <article class="answer" data-message={message.id}><AnswerEditing message={message} /></article>;
  return (
    <article class={isLast ? "answer last" : "answer"} aria-busy={live !== null} data-message={message.id} data-status={live === null ? (message.generation?.status ?? "edited") : "streaming"}>
      <h2 class="unseen">{t("Answer")}</h2>
      {agent !== null && <p class="speaker">{agent.name}</p>}
      {parts.map((part, index) => (
        <PartView key={index} part={part} thought={thought} growing={live !== null && !live.frozen && index === lastSaid(parts)} />
      ))}
      {live === null ? <div class="ending"><Ending message={message} /></div> : <Live answer={live} asked={message.generation?.model?.name ?? null} />}
    </article>
  );
}
