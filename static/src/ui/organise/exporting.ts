// Chats as files.

import { showProblem } from "../../app/listing.ts";
import type { Id } from "../../core/protocol.ts";
import { request, RequestFailed } from "../../transport/rest.ts";

export type Format = "markdown" | "json";

/** Saves chats as one file: as it is for one chat in Markdown, else as the server packs them. */
export async function download(sessions: readonly Id[], format: Format): Promise<void> {
  try {
    const response = await request("POST", "sessions/exported", { sessions, format });
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? `chats.${format}`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    showProblem(error.problem);
  }
}
