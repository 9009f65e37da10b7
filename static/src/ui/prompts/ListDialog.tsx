import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { prompts, refreshPrompts } from "../../app/prompts.ts";
import { studio } from "../../app/store.ts";
import { promptsFor, type SavedPrompt } from "../../core/prompts.ts";
import { t } from "../../core/t.ts";
import { Icon } from "../Icon.tsx";
import { Dialog } from "../organise/Dialog.tsx";
import { addresses } from "../screen.ts";
import { closePrompts, edit, remove, said, useAtCaret, writeNew } from "./tasks.ts";

const MANY = 8;

function Row({ prompt, first }: { prompt: SavedPrompt; first: boolean }): JSX.Element {
  const { name, title, text, owner } = prompt;
  return (
    <li class="prompt-row">
      <button type="button" class="prompt-use" title={t("Put it into the message")} data-first={first ? true : undefined} onClick={() => useAtCaret(prompt)}>
        <span class="prompt-title">{title}<code>/{name}</code>{owner === "team" && <span class="prompt-owner">{t("Team")}</span>}</span>
        <span class="prompt-text" dir="auto">{text.slice(0, 200)}</span>
      </button>
      {owner === "user" && (
        <>
          <button type="button" class="action" aria-label={t("Edit /{name}", { name })} title={t("Edit")} onClick={() => edit(prompt)}><Icon name="edit" /></button>
          <button type="button" class="action" aria-label={t("Delete /{name}", { name })} title={t("Delete")} onClick={() => void remove(prompt)}><Icon name="trash" /></button>
        </>
      )}
    </li>
  );
}

/** Takes the focus, which went with the row that it is about. */
function Said({ done }: { done(): void }): JSX.Element {
  const shown = said.value;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), [shown]);
  return (
    <div class="prompt-said" role="status">
      {shown !== null && (
        <p>
          {shown.text}
          <button type="button" class="button quiet" ref={button} onClick={() => { done(); shown.perform(); }}>{shown.label}</button>
        </p>
      )}
    </div>
  );
}

/** All that can be used; one's own can be changed here. */
export function ListDialog(): JSX.Element {
  const newButton = useRef<HTMLButtonElement>(null);
  const [query, setQuery] = useState("");
  useEffect(() => void refreshPrompts(), []);
  const all = prompts.value;
  const shown = promptsFor(all, query.trim().toLowerCase().replace(/^\//, ""));
  const isAdmin = studio.value?.user.is_admin === true;
  return (
    <Dialog title={t("Saved prompts")} close={closePrompts}>
      <p class="dialog-about">
        {t("Type / at the start of a message to use one.")}{" "}
        {isAdmin && <a href={`${addresses.admin}ai_studio/savedprompt/`}>{t("Write the team's prompts")}</a>}
      </p>
      <div class="prompt-tools">
        {all.length > MANY && (
          <input type="search" aria-label={t("Search the prompts")} placeholder={t("Search")} value={query} onInput={({ currentTarget }) => setQuery(currentTarget.value)} />
        )}
        <button type="button" class="button" ref={newButton} data-first={all.length === 0 ? true : undefined} onClick={writeNew}>{t("New prompt")}</button>
      </div>
      <Said done={() => newButton.current?.focus()} />
      <div class="dialog-body">
        <ul class="prompt-list">{shown.map((prompt, index) => <Row key={prompt.id} prompt={prompt} first={index === 0} />)}</ul>
        {all.length === 0 && <p class="sessions-none">{t("Nothing is saved yet. What you ask again and again can be written here once.")}</p>}
        {all.length > 0 && shown.length === 0 && <p class="sessions-none">{t("Nothing is called that.")}</p>}
      </div>
    </Dialog>
  );
}
