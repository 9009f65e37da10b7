// What an answer has changed of what is remembered about its reader, and how that is taken back.

import type { Id, ToolPart } from "./protocol.ts";

export type MemoryChange =
  | { kind: "remembered"; memory: Id; text: string }
  | { kind: "replaced"; memory: Id; text: string; before: string }
  | { kind: "forgotten"; text: string };

/** A request that takes a change back. */
export interface TakeBack {
  method: "DELETE" | "PUT" | "POST";
  path: string;
  body?: { text: string };
}

/** Null for any other call, and for one that has changed nothing: it runs, or has failed. */
export function memoryChange({ toolName, state, output }: ToolPart): MemoryChange | null {
  if (state !== "output-available" || typeof output !== "object" || output === null) return null;
  const { memory, remembered, replaced, forgotten } = output as Record<string, unknown>;
  if (toolName === "remember" && typeof memory === "string" && typeof remembered === "string") {
    if (typeof replaced === "string") return { kind: "replaced", memory, text: remembered, before: replaced };
    return { kind: "remembered", memory, text: remembered };
  }
  return toolName === "forget" && typeof forgotten === "string" ? { kind: "forgotten", text: forgotten } : null;
}

export function takeBack(change: MemoryChange): TakeBack {
  switch (change.kind) {
    case "remembered":
      return { method: "DELETE", path: `memories/${encodeURIComponent(change.memory)}` };
    case "replaced":
      return { method: "PUT", path: `memories/${encodeURIComponent(change.memory)}`, body: { text: change.before } };
    case "forgotten":
      return { method: "POST", path: "memories", body: { text: change.text } };
  }
}
