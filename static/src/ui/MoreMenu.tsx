import type { ComponentChildren, JSX } from "preact";
import { fork } from "../app/branching.ts";
import { busy, notice, offered } from "../app/store.ts";
import { regenerate } from "../app/writing.ts";
import { plainText } from "../core/message.ts";
import { withoutMarks } from "../core/plain.ts";
import type { Message } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { copy } from "../render/clipboard.ts";
import type { IconName } from "../render/icons.ts";
import { Icon } from "./Icon.tsx";
import { editing, menu } from "./screen.ts";

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

/** What is rarely done with an answer, and the models that it can be asked of as well. */
export function MoreMenu({ message }: { message: Message }): JSX.Element {
  const text = plainText(message.parts);
  const models = offered.value?.models ?? [];
  return (
    <>
      <Item icon="copy" disabled={text === ""} perform={() => void copied(text, t("Copied as Markdown."))}>{t("Copy as Markdown")}</Item>
      <Item icon="copy" disabled={text === ""} perform={() => void copied(withoutMarks(text), t("Copied as text."))}>{t("Copy as plain text")}</Item>
      <Item icon="edit" disabled={busy.value} perform={() => { editing.value = message.id; }}>{t("Edit this answer")}</Item>
      <Item icon="fork" disabled={busy.value} perform={() => void fork(message.id)}>{t("Fork: go on from here in a new chat")}</Item>
      {models.length > 1 && <p class="menu-heading" role="presentation">{t("Answer again with")}</p>}
      {models.length > 1 && models.map(({ id, name, provider }) => (
        <Item key={id} icon="model" disabled={busy.value} perform={() => regenerate(message.id, id)}>
          {name}<small>{provider}</small>
        </Item>
      ))}
    </>
  );
}
