import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { change, saveFolder } from "../../app/organising.ts";
import { folders, sessions, studio, tags } from "../../app/store.ts";
import { inOrder, type Placed, placesFor } from "../../core/folders.ts";
import type { Folder } from "../../core/personal.ts";
import type { Id, Reference, Session } from "../../core/protocol.ts";
import { t } from "../../core/t.ts";
import { getStudio, type Studio } from "../../transport/rest.ts";
import { Icon } from "../Icon.tsx";
import { type Task, task } from "../screen.ts";
import { titleOf } from "../SessionRow.tsx";
import { Dialog } from "./Dialog.tsx";
import { Leaving, People } from "./People.tsx";
import { Sharing } from "./Sharing.tsx";

function close(): void {
  task.value = null;
}

function Choice({ name, label, none, options, chosen }: {
  name: string; label: string; none: string; options: readonly Reference[]; chosen: Id | undefined;
}): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name} defaultValue={chosen ?? ""}>
        <option value="">{none}</option>
        {options.map((one) => <option key={one.id} value={one.id} selected={one.id === chosen}>{one.name}</option>)}
      </select>
    </label>
  );
}

/** What a team offers: that of a folder, which need not be the active one. Null until it is known. */
function useOffer(team: Id | undefined): Studio | null {
  const [read, setRead] = useState<Studio | null>(null);
  const isActive = team === undefined || team === studio.value?.team?.id;
  useEffect(() => {
    // What can't be read is not offered; what the folder has already stays.
    if (!isActive) getStudio(team).then(setRead, () => undefined);
  }, [team, isActive]);
  return isActive ? studio.value : read;
}

function withHeld(offered: readonly Reference[] = [], held: Reference | null = null): readonly Reference[] {
  return held === null || offered.some(({ id }) => id === held.id) ? offered : [...offered, held];
}

/** How far in it lies, as far as an option can show that. */
const named = ({ folder, level }: Placed): Reference => ({ id: folder.id, name: `${"\u2003".repeat(level)}${folder.name}` });

function moveInto(folder: Folder, ids: readonly Id[]): void {
  void change(ids, { folder: folder.id }, t("Moved to “{folder}”.", { folder: folder.name }));
}

function FolderForm({ folder, parent, moving }: { folder: Folder | null; parent: Id | undefined; moving: readonly Id[] }): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null);
  const offer = useOffer(folder?.team);
  const places = placesFor(folders.value, folder, folder?.team ?? studio.value?.team?.id);
  const isNested = (folder?.parent ?? parent) != null;
  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const given = (name: string): string => String(form.get(name) ?? "");
    const content = { name: given("name"), parent: given("parent") || null, model: given("model") || null, agent: given("agent") || null, instructions: given("instructions") };
    const saved = await saveFolder(folder?.id ?? null, content);
    if (typeof saved === "string") {
      setProblem(saved);
      return;
    }
    close();
    if (moving.length > 0) moveInto(saved, moving);
  }
  return (
    <form class="dialog-form" onSubmit={(event) => void save(event)}>
      <label class="field"><span>{t("Name")}</span><input name="name" type="text" required maxLength={100} defaultValue={folder?.name ?? ""} data-first /></label>
      {places.length > 0 && <Choice name="parent" label={t("Lies in")} none={t("No folder")} options={places.map(named)} chosen={folder?.parent ?? parent} />}
      <div class="field-row">
        <Choice name="model" label={t("Model of new chats")} none={isNested ? t("As in the folder around it") : t("As usual")} options={withHeld(offer?.models, folder?.model)} chosen={folder?.model?.id} />
        <Choice name="agent" label={t("Agent of new chats")} none={isNested ? t("As in the folder around it") : t("No agent")} options={withHeld(offer?.agents, folder?.agent)} chosen={folder?.agent?.id} />
      </div>
      <label class="field">
        <span>{t("Instructions")}</span>
        <textarea name="instructions" rows={5} maxLength={20_000} defaultValue={folder?.instructions ?? ""} />
        <small>{t("They go to the model with each message of the chats in this folder, after those of the folders around it.")}</small>
      </label>
      {problem !== null && <p class="field-problem" role="alert">{problem}</p>}
      <div class="dialog-actions">
        <button type="button" class="button quiet" onClick={close}>{t("Cancel")}</button>
        <button type="submit" class="button">{folder === null ? t("Make the folder") : t("Save")}</button>
      </div>
    </form>
  );
}

function Moving({ ids }: { ids: readonly Id[] }): JSX.Element {
  function move(folder: Folder | null): void {
    close();
    if (folder === null) void change(ids, { folder: null }, t("Moved out of the folder."));
    else moveInto(folder, ids);
  }
  // A chat lies in folders of its own team alone.
  const teams = new Set(sessions.value.filter(({ id }) => ids.includes(id)).map(({ team }) => team));
  const suitable = inOrder(folders.value).filter(({ folder: { team } }) => teams.size !== 1 || teams.has(team));
  return (
    <ul class="choices">
      {suitable.map(({ folder, level }, index) => (
        <li key={folder.id} style={{ "--level": level }}><button type="button" data-first={index === 0 ? true : undefined} onClick={() => move(folder)}><Icon name="folder" />{folder.name}</button></li>
      ))}
      <li><button type="button" onClick={() => move(null)}><Icon name="close" />{t("No folder")}</button></li>
      <li><button type="button" onClick={() => { task.value = { folder: null, moving: ids }; }}><Icon name="add" />{t("New folder…")}</button></li>
    </ul>
  );
}

function Tagging({ session }: { session: Session }): JSX.Element {
  function save(event: SubmitEvent): void {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement).get("tags");
    close();
    void change([session.id], { tags: String(typed ?? "").split(",").map((tag) => tag.trim()).filter((tag) => tag !== "") });
  }
  return (
    <form class="dialog-form" onSubmit={save}>
      <label class="field">
        <span>{t("Tags, with commas between")}</span>
        <input name="tags" type="text" list="known-tags" defaultValue={session.tags.join(", ")} data-first />
        <small>{t("Up to ten, of up to 40 characters each.")}</small>
      </label>
      <datalist id="known-tags">{tags.value.map((tag) => <option key={tag} value={tag} />)}</datalist>
      <div class="dialog-actions">
        <button type="button" class="button quiet" onClick={close}>{t("Cancel")}</button>
        <button type="submit" class="button">{t("Save")}</button>
      </div>
    </form>
  );
}

/** What is done to folders and chats in a dialog. */
export function TaskDialog({ task: shown }: { task: Task }): JSX.Element {
  if ("folder" in shown) {
    return <Dialog title={shown.folder === null ? t("New folder") : t("Folder")} close={close}><FolderForm folder={shown.folder} parent={shown.parent} moving={shown.moving ?? []} /></Dialog>;
  }
  if ("tagging" in shown) return <Dialog title={t("Tags of {chat}", { chat: titleOf(shown.tagging) })} close={close}><Tagging session={shown.tagging} /></Dialog>;
  if ("sharing" in shown) return <Dialog title={t("Share {chat}", { chat: titleOf(shown.sharing) })} close={close}><Sharing shared={`sessions/${shown.sharing.id}`} /></Dialog>;
  if ("sharingFolder" in shown) {
    const { id, name } = shown.sharingFolder;
    return <Dialog title={t("Share {chat}", { chat: name })} close={close}><Sharing shared={`folders/${id}`} /></Dialog>;
  }
  if ("people" in shown) return <Dialog key="people" title={t("People in this chat")} close={close}><People session={shown.people} /></Dialog>;
  if ("leaving" in shown) return <Dialog key="leaving" title={t("Leave this chat?")} close={close}><Leaving session={shown.leaving} close={close} /></Dialog>;
  return <Dialog title={t("Move to a folder")} close={close}><Moving ids={shown.moving} /></Dialog>;
}
