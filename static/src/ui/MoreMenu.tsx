import type { ComponentChildren, JSX } from "preact";
import { askBeside, columns } from "../app/beside.ts";
import { fork } from "../app/branching.ts";
import { busy, notice, offered } from "../app/store.ts";
import { MOST } from "../core/beside.ts";
import { withoutMarks } from "../core/plain.ts";
import type { Message } from "../core/protocol.ts";
import { wordsOf } from "../core/question.ts";
import { t } from "../core/t.ts";
import type { Model } from "../transport/rest.ts";
import { copy } from "../render/clipboard.ts";
import type { IconName } from "../render/icons.ts";
import { Icon } from "./Icon.tsx";
import { editing, focusComposerUnlessTouched, menu } from "./screen.ts";

export function Item({ icon, disabled, perform, children }: {
  icon: IconName; disabled?: boolean; perform(): void; children: ComponentChildren;
}): JSX.Element {
  return (
    <button
      type="button" role="menuitem" class="menu-item" disabled={disabled}
      onClick={() => {
        menu.value = null;
        perform();
      }}
    >
      <Icon name={icon} /><span>{children}</span>
    </button>
  );
}

async function copied(text: string, told: string): Promise<void> {
  if (await copy(text)) notice.value = { text: told };
}

/** Models under a heading, which a reader of the screen hears with each of them. */
export function Models({ heading, children }: { heading: string; children: ComponentChildren }): JSX.Element {
  return (
    <div role="group" aria-label={heading}>
      <p class="menu-heading" role="presentation">{heading}</p>
      {children}
    </div>
  );
}

/** Only of the last answer: what follows another one follows it alone. */
function Beside({ message, models }: { message: Message; models: readonly Model[] }): JSX.Element | null {
  const shown = columns.value;
  const stand = new Set(shown.map((one) => one?.generation?.model?.id));
  const others = models.filter(({ id }) => !stand.has(id));
  if (message.generation === null || shown.length >= MOST || others.length === 0 || !shown.includes(message)) return null;
  return (
    <Models heading={t("Ask another model beside")}>
      {others.map(({ id, name, provider }) => (
        <Item key={id} icon="add" perform={() => askBeside(message.id, id)}>{name}<small>{provider}</small></Item>
      ))}
    </Models>
  );
}

/** What is rarely done with an answer, and the models that can be asked beside it. */
export function MoreMenu({ message }: { message: Message }): JSX.Element {
  const text = wordsOf(message.parts);
  return (
    <>
      <Item icon="copy" disabled={text === ""} perform={() => void copied(text, t("Copied as Markdown."))}>{t("Copy as Markdown")}</Item>
      <Item icon="copy" disabled={text === ""} perform={() => void copied(withoutMarks(text), t("Copied as text."))}>{t("Copy as plain text")}</Item>
      <Item icon="edit" disabled={busy.value} perform={() => { editing.value = message.id; }}>{t("Edit this answer")}</Item>
      <Item icon="fork" disabled={busy.value} perform={() => void fork(message.id).then(focusComposerUnlessTouched)}>
        {t("New thread from here")}<small class="below">{t("ask aside, or go another way")}</small>
      </Item>
      <Beside message={message} models={offered.value?.models ?? []} />
    </>
  );
}
