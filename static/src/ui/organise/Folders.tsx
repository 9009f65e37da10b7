// The folders in the sidebar, each in the one that it lies in, with the chats in them.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { readFolder } from "../../app/folders.ts";
import { folderPages, folders } from "../../app/store.ts";
import { around, byFolder, lyingIn } from "../../core/folders.ts";
import type { Folder } from "../../core/personal.ts";
import type { Id, Session } from "../../core/protocol.ts";
import { t } from "../../core/t.ts";
import { ownLocal } from "../../transport/own.ts";
import { Icon } from "../Icon.tsx";
import { MenuButton } from "../MenuButton.tsx";
import { Runs } from "../SessionList.tsx";

const KEY = "chat-studio.unfolded";

function kept(): readonly Id[] {
  try {
    const ids: unknown = JSON.parse(ownLocal.getItem(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** Folders whose content is shown, as this person left them on this device. */
const unfolded = signal<ReadonlySet<Id>>(new Set(kept()));

function fold(id: Id, open: boolean): void {
  // Of folders that are not there any more nothing is kept.
  const others = folders.peek().map((folder) => folder.id).filter((other) => other !== id && unfolded.peek().has(other));
  unfolded.value = new Set(open ? [...others, id] : others);
  try {
    ownLocal.setItem(KEY, JSON.stringify([...unfolded.peek()]));
  } catch {
    // A full store costs that they are folded after a reload, nothing else.
  }
}

type Filed = ReadonlyMap<Id | null, readonly Session[]>;

function Content({ folder, filed }: { folder: Folder; filed: Filed }): JSX.Element {
  const inside = lyingIn(folders.value, folder.id);
  const sessions = filed.get(folder.id) ?? [];
  const next = folderPages.value.get(folder.id);
  useEffect(() => { if (next === undefined) void readFolder(folder.id); }, [folder.id, next === undefined]);
  return (
    <div class="folder-sessions">
      {inside.length > 0 && <ul>{inside.map((one) => <FolderRow key={one.id} folder={one} filed={filed} />)}</ul>}
      <Runs of={sessions} />
      {inside.length + sessions.length === 0 && next !== undefined && <p class="sessions-none">{t("No chats in here yet.")}</p>}
      {next != null && <button type="button" class="button quiet more" onClick={() => void readFolder(folder.id)}>{t("Older chats")}</button>}
    </div>
  );
}

function FolderRow({ folder, filed }: { folder: Folder; filed: Filed }): JSX.Element {
  const open = unfolded.value.has(folder.id);
  return (
    <li class="folder">
      <div class="folder-head">
        <button type="button" class="folder-name" aria-expanded={open} onClick={() => fold(folder.id, !open)}>
          <Icon name={open ? "folderOpen" : "folder"} /><span dir="auto">{folder.name}</span>
        </button>
        {around(folders.value, folder.id).some(({ shared }) => shared) && (
          <span class="folder-shared" role="img" aria-label={t("Others can read what is in here")} title={t("Others can read what is in here")}><Icon name="share" /></span>
        )}
        <MenuButton subject={{ folder }} label={t("Options of {name}", { name: folder.name })} />
      </div>
      {open && <Content folder={folder} filed={filed} />}
    </li>
  );
}

/** `filed`: the listed sessions that lie in folders. */
export function Folders({ filed }: { filed: readonly Session[] }): JSX.Element {
  const inFolders = byFolder(filed);
  return (
    <section aria-label={t("Folders")}>
      <h2>{t("Folders")}</h2>
      <ul>{lyingIn(folders.value, null).map((folder) => <FolderRow key={folder.id} folder={folder} filed={inFolders} />)}</ul>
    </section>
  );
}
