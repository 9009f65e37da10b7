// What the menus of the list offer.

import { select } from "../../app/folders.ts";
import { archive, change, discardAll, removeFolder } from "../../app/organising.ts";
import { go } from "../../app/routing.ts";
import { choice, folders, newIn, notice, openSession, selected, studio } from "../../app/store.ts";
import { around, beginsWith, MOST_LEVELS } from "../../core/folders.ts";
import type { Folder } from "../../core/personal.ts";
import type { Id, Session } from "../../core/protocol.ts";
import { t } from "../../core/t.ts";
import type { IconName } from "../../render/icons.ts";
import { showPrompts } from "../prompts/tasks.ts";
import { addresses, renaming, shelf, type Subject, task } from "../screen.ts";
import { newChat } from "../Sidebar.tsx";
import { download } from "./exporting.ts";

export interface Entry {
  icon: IconName;
  label: string;
  /** With a line above it. */
  apart?: boolean;
  danger?: boolean;
  perform(): void;
}

/** Deletes chats; one that is on the screen is left. */
export function remove(ids: readonly Id[]): void {
  const open = openSession.peek();
  if (open !== null && ids.includes(open)) go(null);
  void discardAll(ids);
}

function takenAlong(id: Id): readonly Entry[] {
  return [
    { icon: "download", label: t("Export as Markdown"), apart: true, perform: () => void download([id], "markdown") },
    { icon: "download", label: t("Export as JSON"), perform: () => void download([id], "json") },
    { icon: "print", label: t("Print…"), perform: () => { window.open(`/c/${id}/print`, "_blank", "noopener"); } },
  ];
}

/** How a chat is kept in order, who reads it and whether it stays is its owner's alone to say. */
function ofGuest(session: Session): readonly Entry[] {
  return [
    { icon: "people", label: t("Write together…"), perform: () => { task.value = { people: session }; } },
    ...takenAlong(session.id),
    { icon: "signout", label: t("Leave this chat…"), apart: true, danger: true, perform: () => { task.value = { leaving: session }; } },
  ];
}

function ofSession(session: Session): readonly Entry[] {
  const { id, pinned, archived } = session;
  if (session.guest === true) return ofGuest(session);
  return [
    { icon: "edit", label: t("Rename"), perform: () => { renaming.value = id; } },
    { icon: "pin", label: pinned ? t("Unpin") : t("Pin"), perform: () => void change([id], { pinned: !pinned }) },
    { icon: "folder", label: t("Move to a folder…"), perform: () => { task.value = { moving: [id] }; } },
    { icon: "tag", label: t("Tags…"), perform: () => { task.value = { tagging: session }; } },
    { icon: "share", label: t("Share…"), perform: () => { task.value = { sharing: session }; } },
    { icon: "people", label: t("Write together…"), perform: () => { task.value = { people: session }; } },
    { icon: "check", label: t("Select"), perform: () => select(id, true) },
    ...takenAlong(id),
    archived
      ? { icon: "archive", label: t("Take out of the archive"), apart: true, perform: () => void change([id], { archived: false }) }
      : { icon: "archive", label: t("Archive"), apart: true, perform: () => void archive([id]) },
    { icon: "trash", label: t("Delete"), danger: true, perform: () => remove([id]) },
  ];
}

/** A new chat, with what its folder, or one around that, begins with. */
function newChatIn(folder: Folder): void {
  newChat();
  newIn.value = folder;
  choice.value = { ...choice.peek(), ...beginsWith(folders.peek(), folder.id) };
}

function ofFolder(folder: Folder): readonly Entry[] {
  async function removed(): Promise<void> {
    const outer = around(folders.peek(), folder.id)[1];
    if (!(await removeFolder(folder))) return;
    notice.value = {
      text: outer === undefined ? t("Folder deleted. Its chats are in the list.") : t("Folder deleted. What was in it is in “{folder}”.", { folder: outer.name }),
    };
  }
  // A new chat is the active team's.
  const isHere = folder.team === studio.peek()?.team?.id;
  return [
    ...(isHere ? [{ icon: "add", label: t("New chat in here"), perform: () => newChatIn(folder) } as const] : []),
    ...(isHere && around(folders.peek(), folder.id).length < MOST_LEVELS
      ? [{ icon: "folder", label: t("New folder in here…"), perform: () => { task.value = { folder: null, parent: folder.id }; } } as const]
      : []),
    { icon: "edit", label: t("Name, place, instructions…"), perform: () => { task.value = { folder }; } },
    { icon: "share", label: t("Share…"), perform: () => { task.value = { sharingFolder: folder }; } },
    { icon: "trash", label: t("Delete the folder"), danger: true, apart: true, perform: () => void removed() },
  ];
}

const OF_THE_LIST: readonly Entry[] = [
  { icon: "folder", label: t("New folder…"), perform: () => { task.value = { folder: null }; } },
  { icon: "check", label: t("Select chats"), perform: () => { selected.value = new Set(); } },
  { icon: "bookmark", label: t("Saved prompts…"), apart: true, perform: showPrompts },
  ...(addresses.schedules === ""
    ? []
    : [{ icon: "clock", label: t("Scheduled prompts…"), perform: () => { location.href = addresses.schedules; } } as const]),
  { icon: "archive", label: t("Archived chats"), apart: true, perform: () => { shelf.value = { scope: "archived" }; } },
  { icon: "trash", label: t("Recently deleted"), perform: () => { shelf.value = { scope: "deleted" }; } },
  { icon: "download", label: t("Import and export…"), apart: true, perform: () => { location.href = `${addresses.settings}#data`; } },
];

export function entriesOf(subject: Subject): readonly Entry[] {
  if (subject === null) return OF_THE_LIST;
  return "session" in subject ? ofSession(subject.session) : ofFolder(subject.folder);
}
