import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { filledWith, namesIn, piecesOf, textOf } from "../../core/placeholders.ts";
import type { SavedPrompt } from "../../core/prompts.ts";
import { t } from "../../core/t.ts";
import type { Place } from "../insertion.ts";
import { Dialog } from "../organise/Dialog.tsx";
import { closePrompts, putIn, typedFor } from "./tasks.ts";

/** Asks for what a prompt needs. What the preview shows is what is put into the message. */
export function FillDialog({ prompt, place }: { prompt: SavedPrompt; place: Place }): JSX.Element {
  const [values, setValues] = useState(typedFor.get(prompt.id) ?? {});
  const pieces = filledWith(piecesOf(prompt.text), values);
  function change(name: string, value: string): void {
    const changed = { ...values, [name]: value };
    typedFor.set(prompt.id, changed);
    setValues(changed);
  }
  function finish(): void {
    typedFor.delete(prompt.id);
    putIn(textOf(pieces), place);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    finish();
  }
  return (
    <Dialog title={prompt.title} close={closePrompts}>
      <form class="dialog-form prompt-values" onKeyDown={onKeyDown} onSubmit={(event) => { event.preventDefault(); finish(); }}>
        {namesIn(prompt.text).map((name, index) => (
          <label class="field" key={name}>
            <span>{name.replaceAll("_", " ")}</span>
            <textarea
              rows={2} dir="auto" data-first={index === 0 ? true : undefined} value={values[name] ?? ""}
              onInput={({ currentTarget }) => change(name, currentTarget.value)}
            />
          </label>
        ))}
        <section class="prompt-preview" aria-label={t("Preview")} tabIndex={0} dir="auto">
          {pieces.map(({ text, name }, index) => (name === null ? text : <mark key={index} class={values[name] ? undefined : "open"}>{text}</mark>))}
        </section>
        <div class="dialog-actions">
          <button type="button" class="button quiet" onClick={closePrompts}>{t("Cancel")}</button>
          <button type="submit" class="button" title={"Ctrl+Enter"}>{t("Put into the message")}</button>
        </div>
      </form>
    </Dialog>
  );
}
