// What is open on the screen, and how the page looks. Nothing here is known to the server.

import { effect, signal } from "@preact/signals";
import type { Folder, Preferences } from "../core/personal.ts";
import type { Id, Message, Session } from "../core/protocol.ts";
import type { Shelf } from "../transport/rest.ts";

/** The sidebar as a drawer, where the screen is narrow. */
export const drawer = signal(false);

/** Whether the search dialog is open. */
export const searching = signal(false);

/** What a menu of the list is about: a session, a folder, or null for the list itself. */
export type Subject = { session: Session } | { folder: Folder } | null;

/** The open menu of the list. `label` tells its button from others. */
export const listMenu = signal<{ subject: Subject; label: string; anchor: HTMLElement } | null>(null);

/** The session whose title is being written. */
export const renaming = signal<Id | null>(null);

/** A list in a dialog: the archive, what was deleted, a tag. */
export const shelf = signal<Shelf | null>(null);

/** A dialog about chats and folders. `moving`: chats that go into one, or into the new one. */
export type Task = { folder: Folder | null; parent?: Id; moving?: readonly Id[] } | { tagging: Session } | { moving: readonly Id[] } | { sharing: Session } | { sharingFolder: Folder }
  | { people: Session } | { leaving: Session };
export const task = signal<Task | null>(null);

export const picker = signal<"model" | "agent" | "effort" | null>(null);

export type MenuKind = "again" | "details" | "feedback" | "merge" | "more" | "threads";

/** Those that hold more than a menu may. */
export const DIALOGS: ReadonlySet<MenuKind> = new Set(["again", "details"]);

/** What is open beside a button of a message. */
export interface Menu {
  kind: MenuKind;
  message: Message;
  anchor: HTMLElement;
}

export const menu = signal<Menu | null>(null);

/** The message that is being edited in its place. */
export const editing = signal<Id | null>(null);

/** What a screen reader is told next. */
export const announced = signal<readonly { id: number; text: string }[]>([]);

/** The window that is open over the page. */
export const dialog = signal<"palette" | "shortcuts" | "map" | null>(null);

const root = document.documentElement.dataset;

/** The preferences that the server has written into the page, as attributes of its root. */
export const served = { ...root };

/** What sends a message; the other one makes a new line. */
export const sendKey = signal(served["sendKey"] as Preferences["send_key"]);

/** Whether a key sends what is written. */
export function sends(event: KeyboardEvent): boolean {
  // While an input method composes, Enter chooses a word.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return false;
  // A keyboard on the glass has no Shift+Enter at hand.
  const byItself = sendKey.peek() === "enter" && !matchMedia("(pointer: coarse)").matches;
  return byItself || event.ctrlKey || event.metaKey;
}

export type Theme = Preferences["theme"];

export const theme = signal(served["theme"] as Theme);

effect(() => { root["theme"] = localStorage["chat-studio.theme"] = theme.value; });

export function focusComposer(): void {
  document.querySelector<HTMLTextAreaElement>("#message")?.focus();
}

/** Where a keyboard is at hand; on glass it would push half of the page away. */
export function focusComposerUnlessTouched(): void {
  if (!matchMedia("(pointer: coarse)").matches) focusComposer();
}

/** Addresses of the pages around this one, written into the page by the server. */
export interface Addresses {
  settings: string;
  /** Empty where the platform has none. */
  schedules: string;
  signOut: string;
  signIn: string;
  admin: string;
  preview: string;
}

export const addresses = JSON.parse(document.querySelector("#addresses")?.textContent ?? "{}") as Addresses;
