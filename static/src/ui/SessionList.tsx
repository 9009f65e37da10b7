import { signal } from "@preact/signals";
import type { JSX, VNode } from "preact";
import { moreSessions } from "../app/listing.ts";
import { readFolder } from "../app/folders.ts";
import { folderPages, folders, nextSessions, sessions, tags } from "../app/store.ts";
import type { Folder, Id, Session } from "../core/protocol.ts";
import { groupByDate, isListed } from "../core/sessions.ts";
import { locale, t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";
import { MenuButton } from "./MenuButton.tsx";
import { useNearing } from "./nearing.ts";
import { SessionRow } from "./SessionRow.tsx";
import { shelf } from "./screen.ts";

/** Folders whose sessions are shown. */
const unfolded = signal<ReadonlySet<Id>>(new Set());

const rows = new WeakMap<Session, VNode>();

// The same element for the same session: Preact skips it, so a change in a long list costs one row.
function rowOf(session: Session): VNode {
  let row = rows.get(session);
  if (row === undefined) {
    row = <SessionRow key={session.id} session={session} />;
    rows.set(session, row);
  }
  return row;
}

/** So many rows are drawn or left out together: at each frame of a scroll the browser looks at every list, not at every row. */
const RUN = 50;

function Group({ label, inGroup }: { label: string; inGroup: readonly Session[] }): JSX.Element {
  const runs = Array.from({ length: Math.ceil(inGroup.length / RUN) }, (_, run) => inGroup.slice(run * RUN, (run + 1) * RUN));
  return (
    <section aria-label={label}>
      <h2>{label}</h2>
      {runs.map((run, number) => <ul key={number} class={run.length === RUN ? "run" : undefined}>{run.map(rowOf)}</ul>)}
    </section>
  );
}

function FolderRow({ folder, inFolder }: { folder: Folder; inFolder: readonly Session[] }): JSX.Element {
  const open = unfolded.value.has(folder.id);
  const next = folderPages.value.get(folder.id);
  function toggle(): void {
    const others = [...unfolded.peek()].filter((id) => id !== folder.id);
    unfolded.value = new Set(open ? others : [...others, folder.id]);
    if (!open && next === undefined) void readFolder(folder.id);
  }
  return (
    <li class="folder">
      <div class="folder-head">
        <button type="button" class="folder-name" aria-expanded={open} onClick={toggle}>
          <Icon name={open ? "folderOpen" : "folder"} /><span dir="auto">{folder.name}</span>
        </button>
        <MenuButton subject={{ folder }} label={t("Options of {name}", { name: folder.name })} />
      </div>
      {open && (
        <ul class="folder-sessions">
          {inFolder.map(rowOf)}
          {inFolder.length === 0 && next !== undefined && <li class="sessions-none">{t("No chats in here yet.")}</li>}
          {next != null && <li><button type="button" class="button quiet more" onClick={() => void readFolder(folder.id)}>{t("Older chats")}</button></li>}
        </ul>
      )}
    </li>
  );
}

function Folders({ filed }: { filed: readonly Session[] }): JSX.Element | null {
  if (folders.value.length === 0) return null;
  return (
    <section aria-label={t("Folders")}>
      <h2>{t("Folders")}</h2>
      <ul>{folders.value.map((folder) => (
        <FolderRow key={folder.id} folder={folder} inFolder={filed.filter((session) => session.folder === folder.id)} />
      ))}</ul>
    </section>
  );
}

function Tags(): JSX.Element | null {
  if (tags.value.length === 0) return null;
  return (
    <section class="tags" aria-label={t("Tags")}>
      {tags.value.map((tag) => (
        <button type="button" class="tag" key={tag} onClick={() => { shelf.value = { tag }; }}>{tag}</button>
      ))}
    </section>
  );
}

/** Reads the next page when the reader comes near the end of what is there. */
function End(): JSX.Element | null {
  const cursor = nextSessions.value;
  const mark = useNearing<HTMLButtonElement>(cursor, ".sessions", "0px 0px 600px", moreSessions);
  if (cursor === null) return null;
  return <button type="button" class="button quiet more" ref={mark} onClick={() => void moreSessions()}>{t("Older chats")}</button>;
}

export function SessionList(): JSX.Element {
  const shown = sessions.value.filter(isListed);
  const pinned = shown.filter((session) => session.pinned);
  const rest = shown.filter((session) => !session.pinned && session.folder === null);
  return (
    <nav class="sessions" aria-label={t("Chats")}>
      <div class="sessions-head">
        <span>{t("Chats")}</span>
        <MenuButton subject={null} label={t("Options of the list")} />
      </div>
      {pinned.length > 0 && <Group label={t("Pinned")} inGroup={pinned} />}
      <Folders filed={shown.filter((session) => session.folder !== null && !session.pinned)} />
      <Tags />
      {groupByDate(rest, new Date(), locale).map(({ label, sessions: inGroup }) => <Group key={label} label={label} inGroup={inGroup} />)}
      {shown.length === 0 && <p class="sessions-none">{t("Your chats will be listed here.")}</p>}
      <End />
    </nav>
  );
}
