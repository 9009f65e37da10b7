// Folds the parts of a generation into the answer that is being written.

import type { Attempt, Generation, Id, Message, Metadata, Part, Problem, Status, StreamPart, ToolPart } from "./protocol.ts";

/** How a generation ended. */
export interface Outcome {
  status: Extract<Status, "completed" | "stopped" | "failed" | "interrupted">;
  finishReason: string | null;
  metadata: Partial<Metadata>;
}

/** An answer in the making: `seq` is the last frame applied, `frozen` is set by a click on Stop. */
export interface LiveAnswer {
  generation: Id;
  message: Id;
  seq: number;
  parts: readonly Part[];
  /** Where the parts are that can still grow: part id or tool call id → index in `parts`. */
  open: Readonly<Record<string, number>>;
  attempt: Attempt | null;
  problem: Problem | null;
  outcome: Outcome | null;
  frozen: boolean;
  /** The parts came from the stored message and are replaced by what the log replays. */
  provisional: boolean;
  /** It has ended on the server; how, is still to come. */
  adrift: boolean;
}

export function newAnswer(generation: Id, message: Id): LiveAnswer {
  return {
    generation, message, seq: 0, parts: [], open: {}, attempt: null, problem: null, outcome: null, frozen: false,
    provisional: false, adrift: false,
  };
}

/** Goes on from what is stored, at the `seq` that belongs to exactly this content. */
export function answerFromSnapshot(generation: Id, seq: number, message: Message): LiveAnswer {
  return { ...newAnswer(generation, message.id), seq, parts: message.parts };
}

function replacePart(answer: LiveAnswer, index: number, part: Part): LiveAnswer {
  return { ...answer, parts: answer.parts.with(index, part) };
}

function openPart(answer: LiveAnswer, id: string, part: Part): LiveAnswer {
  return { ...answer, parts: [...answer.parts, part], open: { ...answer.open, [id]: answer.parts.length }, attempt: null };
}

/** Where the last part is that is no source: models cite in the middle of a text. */
export function lastSaid(parts: readonly Part[]): number {
  return parts.findLastIndex((part) => !("sourceId" in part));
}

// After a snapshot the ids of the open parts are not known: the last part, when it is of the same kind, is the open one.
function grow(answer: LiveAnswer, kind: "text" | "reasoning", id: string, delta: string): LiveAnswer {
  const index = answer.open[`${kind}:${id}`] ?? lastSaid(answer.parts);
  const part = answer.parts[index];
  if (part?.type !== kind) return openPart(answer, `${kind}:${id}`, { type: kind, text: delta });
  return replacePart(answer, index, { type: kind, text: part.text + delta });
}

function changeTool(answer: LiveAnswer, id: string, name: string, change: (tool: ToolPart) => ToolPart): LiveAnswer {
  const index = answer.parts.findIndex((part) => part.type === "dynamic-tool" && part.toolCallId === id);
  const known = answer.parts[index];
  const fresh: ToolPart = { type: "dynamic-tool", toolCallId: id, toolName: name, state: "input-streaming" };
  if (known?.type !== "dynamic-tool") return openPart(answer, `tool:${id}`, change(fresh));
  return replacePart(answer, index, change(known));
}

function applyContent(answer: LiveAnswer, part: StreamPart): LiveAnswer {
  switch (part.type) {
    case "text-start":
      return openPart(answer, `text:${part.id}`, { type: "text", text: "" });
    case "reasoning-start":
      return openPart(answer, `reasoning:${part.id}`, { type: "reasoning", text: "" });
    case "text-delta":
      return grow(answer, "text", part.id, part.delta);
    case "reasoning-delta":
      return grow(answer, "reasoning", part.id, part.delta);
    case "tool-input-start":
      return changeTool(answer, part.toolCallId, part.toolName, (tool) => tool);
    case "tool-input-delta":
      return changeTool(answer, part.toolCallId, "", (tool) => ({
        ...tool, rawInput: (tool.rawInput ?? "") + part.inputTextDelta,
      }));
    case "tool-input-available":
      return changeTool(answer, part.toolCallId, part.toolName, (tool) => ({
        ...tool, state: "input-available", input: part.input,
      }));
    case "tool-input-error":
      return changeTool(answer, part.toolCallId, part.toolName, (tool) => ({
        ...tool, state: "output-error", input: part.input, errorText: part.errorText,
      }));
    case "tool-output-available":
      return changeTool(answer, part.toolCallId, "", (tool) => ({ ...tool, state: "output-available", output: part.output }));
    case "tool-output-error":
      return changeTool(answer, part.toolCallId, "", (tool) => ({ ...tool, state: "output-error", errorText: part.errorText }));
    case "source-url":
    case "source-document":
      return openPart(answer, part.sourceId, part);
    default:
      return answer;
  }
}

function conclude(answer: LiveAnswer, outcome: Outcome): LiveAnswer {
  return { ...answer, outcome, attempt: null };
}

/** Applies one part. Parts of types that this page does not know are skipped. */
export function applyPart(answer: LiveAnswer, part: StreamPart): LiveAnswer {
  switch (part.type) {
    case "data-attempt":
      return { ...answer, attempt: part.data };
    case "data-error":
      return { ...answer, problem: part.data };
    case "finish":
      return conclude(answer, {
        status: "completed", finishReason: part.finishReason ?? null, metadata: part.messageMetadata ?? {},
      });
    case "abort":
      return conclude(answer, {
        status: part.reason === "interrupted" ? "interrupted" : "stopped", finishReason: null, metadata: {},
      });
    case "error": {
      const problem = answer.problem ?? { code: "unknown", text: part.errorText, retryable: true, retry_after: null };
      return conclude({ ...answer, problem }, { status: "failed", finishReason: null, metadata: {} });
    }
    default:
      return answer.frozen ? answer : applyContent(answer, part);
  }
}

/** The message as it is to be shown once the answer has ended. */
export function settle(message: Message, answer: LiveAnswer, outcome: Outcome): Message {
  const before: Generation = message.generation ?? {
    id: answer.generation, status: "streaming", model: null, agent: null, error: null, finish_reason: null, metadata: {}, feedback: null,
  };
  const generation: Generation = {
    ...before,
    status: outcome.status,
    error: answer.problem,
    finish_reason: outcome.finishReason,
    metadata: { ...before.metadata, ...outcome.metadata },
  };
  return { ...message, parts: answer.parts, generation };
}
