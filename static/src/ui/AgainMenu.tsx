import type { ComponentChildren, JSX, TargetedKeyboardEvent } from "preact";
import { useState } from "preact/hooks";
import { askAgain } from "../app/beside.ts";
import { busy, offered } from "../app/store.ts";
import { MOST_GUIDANCE, PRESETS } from "../core/guidance.ts";
import type { Id, Message } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import type { IconName } from "../render/icons.ts";
import { useGrowing } from "./growing.ts";
import { Icon } from "./Icon.tsx";
import { focusComposerUnlessTouched, menu, sends } from "./screen.ts";

/** What was typed about an answer: it is there again when the menu is opened again, also where it was refused. */
const typed = new Map<Id, string>();

function Choice({ icon, perform, children }: { icon: IconName; perform(): void; children: ComponentChildren }): JSX.Element {
  return <button type="button" class="menu-item" disabled={busy.value} onClick={perform}><Icon name={icon} /><span>{children}</span></button>;
}

function Choices({ heading, children }: { heading: string; children: ComponentChildren }): JSX.Element {
  return <div role="group" aria-label={heading}><p class="menu-heading" aria-hidden="true">{heading}</p>{children}</div>;
}

/** The arrows move within the words, and out of them from their ends. */
function onWordsKey(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
  const { form, selectionEnd, selectionStart, value } = event.currentTarget;
  if (sends(event)) {
    event.preventDefault();
    form?.requestSubmit();
  } else if ((event.key === "ArrowDown" && selectionEnd < value.length) || (event.key === "ArrowUp" && selectionStart > 0)) {
    event.stopPropagation();
  }
}

/** How an answer is asked for again: in words of one's own, with what is wanted most often, by another model. */
export function AgainMenu({ message }: { message: Message }): JSX.Element {
  const [words, setWords] = useState(typed.get(message.id) ?? "");
  const field = useGrowing(words);
  const models = offered.value?.models ?? [];
  const isSaid = words.trim() !== "";
  const ask = (guidance: string, model?: Id): void => {
    menu.value = null;
    askAgain(message, model, guidance);
    focusComposerUnlessTouched();
  };
  return (
    <>
      <form class="again-words" onSubmit={(event) => { event.preventDefault(); if (isSaid && !busy.peek()) ask(words); }}>
        <textarea
          ref={field} rows={1} dir="auto" data-first autocomplete="off" maxLength={MOST_GUIDANCE} value={words}
          aria-label={t("Say what should be different")} placeholder={t("Say what should be different…")}
          onInput={({ currentTarget: { value } }) => { setWords(value); typed.set(message.id, value); }}
          onKeyDown={onWordsKey}
        />
        <button type="submit" class="action" aria-label={t("Ask for it")} title={t("Ask for it")} disabled={!isSaid || busy.value}><Icon name="send" /></button>
      </form>
      <Choices heading={t("Answer again")}>
        {PRESETS.map((preset) => <Choice key={preset.name} icon="again" perform={() => ask(preset.words)}>{preset.name}</Choice>)}
      </Choices>
      {models.length > 1 && (
        <Choices heading={isSaid ? t("Like this, with") : t("Answer again with")}>
          {models.map(({ id, name, provider }) => <Choice key={id} icon="model" perform={() => ask(words, id)}>{name}<small>{provider}</small></Choice>)}
        </Choices>
      )}
    </>
  );
}
