// Files to and from the server.

import type { Uploaded } from "../core/attached.ts";
import type { Id, Problem } from "../core/protocol.ts";
import { said, t } from "../core/t.ts";
import { person } from "./own.ts";
import { csrfToken, request, type RequestFailed } from "./rest.ts";

interface Attachment {
  id: Id;
  name: string;
  media_type: string;
  size: number;
  width: number | null;
  characters: number;
}

/** An upload on its way. `done` fails with a sentence that says why. */
export interface Upload {
  done: Promise<Uploaded>;
  abort(): void;
}

const UNREACHABLE = t("The server can't be reached. Check your connection, and add it again.");
const UNREADABLE = t("This could not be uploaded. Try again.");

function uploadedOf({ id, name, media_type, size, width, characters }: Attachment): Uploaded {
  const part = { type: "file", attachment: id, url: `/api/attachments/${id}`, filename: name, mediaType: media_type, size } as const;
  return { part, readable: width !== null || characters > 0 };
}

function answerOf(asked: XMLHttpRequest): Uploaded {
  let answer: unknown;
  try {
    answer = JSON.parse(asked.responseText);
  } catch {
    throw new Error(asked.status === 413 ? t("This file is too large.") : UNREADABLE);
  }
  if (asked.status === 201) return uploadedOf(answer as Attachment);
  const { error } = answer as { error?: Problem };
  throw new Error(error === undefined ? UNREADABLE : said(error));
}

/** Uploads a file; `progress` hears how far it is, from 0 to 1. Not `fetch`: that does not tell. */
export function upload(file: File, progress: (share: number) => void): Upload {
  const asked = new XMLHttpRequest();
  const done = new Promise<Uploaded>((resolve, reject) => {
    asked.upload.addEventListener("progress", ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total));
    asked.addEventListener("load", () => {
      try {
        resolve(answerOf(asked));
      } catch (error) {
        reject(error as Error);
      }
    });
    asked.addEventListener("error", () => reject(new Error(UNREACHABLE)));
    asked.open("POST", "/api/attachments");
    asked.setRequestHeader("X-CSRFToken", csrfToken());
    asked.setRequestHeader("X-Person", person);
    const form = new FormData();
    form.append("file", file);
    asked.send(form);
  });
  return { done, abort: () => asked.abort() };
}

/** Throws a file away that was not sent; one that stays is gone in a day. */
export async function discard(id: Id): Promise<void> {
  await request("DELETE", `attachments/${id}`).catch(() => undefined);
}

/** Whether the server still has a file. Unknown counts as yes: sending says it then. */
export async function isThere(id: Id): Promise<boolean> {
  return request("HEAD", `attachments/${id}`).then(() => true, (error: RequestFailed) => error.status !== 404);
}
