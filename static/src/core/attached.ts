// Files on their way into a message: uploaded beforehand, shown at the composer, kept with the draft.

import { keptBySession, type TextStore } from "./bySession.ts";
import { decimal } from "./format.ts";
import type { FilePart, Limits } from "./protocol.ts";
import { t } from "./t.ts";

/** A file that the server has. `readable`: it is an image, or there is text in it. */
export interface Uploaded {
  part: FilePart;
  readable: boolean;
}

export interface Attached {
  key: number;
  name: string;
  size: number;
  /** From 0 to 1; beyond the upload the server looks into the file. */
  progress: number;
  uploaded: Uploaded | null;
  /** Why it was refused. */
  problem: string | null;
}

export function isImage({ mediaType }: FilePart): boolean {
  return mediaType.startsWith("image/");
}

/** Why a file can't come along, as far as a page can tell before it is uploaded. */
export function refusalOf(size: number, before: number, limits: Limits): string | null {
  if (size === 0) return t("This file is empty.");
  if (size > limits.file_bytes) return t("Too large: {size} are allowed.", { size: sizeOf(limits.file_bytes) });
  return before >= limits.files ? t("A message takes {count} file.|A message takes {count} files.", { count: limits.files }) : null;
}

/** What the model that is asked can't do with these files; null where it can read them all, or is not known yet. */
export function hindranceOf(files: readonly Attached[], model: { name: string; capabilities: readonly string[] } | null): string | null {
  const uploaded = files.flatMap((file) => file.uploaded ?? []);
  const blind = model !== null && !model.capabilities.includes("vision");
  if (blind && uploaded.some(({ part }) => isImage(part))) {
    return t("{model} can't see images. Choose a model that can, or take them out.", { model: model.name });
  }
  const mute = uploaded.find(({ readable }) => !readable);
  return mute === undefined ? null : t("There is no text in {file} that a model could read. Take it out, or send its pages as images.", { file: mute.part.filename });
}

/** Whether all of them can be sent; null where there are none. */
export function readinessOf(files: readonly Attached[], hindrance: string | null): boolean | null {
  return files.length === 0 ? null : hindrance === null && files.every(({ uploaded }) => uploaded !== null);
}

const UNITS = [t("bytes"), "KB", "MB", "GB"];

export function sizeOf(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : decimal(value, value >= 10 ? 0 : 1)} ${UNITS[power]}`;
}

function isUploaded(value: unknown): value is Uploaded {
  const { attachment, filename } = ((value as Partial<Uploaded> | null)?.part ?? {}) as Partial<FilePart>;
  return typeof attachment === "string" && typeof filename === "string";
}

const kept = keptBySession("chat-studio.files", 20, (value): value is readonly Uploaded[] => Array.isArray(value) && value.every(isUploaded));

/** The files of the draft of a session. */
export const readFiles = (store: TextStore, session: string): readonly Uploaded[] => kept.read(store, session) ?? [];

export const keepFiles = (store: TextStore, session: string, files: readonly Uploaded[]): void => kept.keep(store, session, files.length === 0 ? undefined : files);
