import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { namesIn } from "../../core/placeholders.ts";
import { asName, type PromptContent } from "../../core/prompts.ts";
import { t } from "../../core/t.ts";
import { Dialog } from "../organise/Dialog.tsx";
import { finish, leave, type Writing } from "./tasks.ts";

const HINT = t("A word in braces, such as {topic}, is asked for each time the prompt is used.");

function Fields({ content, change }: { content: PromptContent; change(some: Partial<PromptContent>): void }): JSX.Element {
  const asked = namesIn(content.text);
  return (
    <>
      <div class="field-row">
        <label class="field">
          <span>{t("Name")}</span>
          <span class="slashed">
            <input
              type="text" required maxLength={40} autocomplete="off" autocapitalize="off" spellcheck={false} value={content.name}
              data-first={content.name === "" ? true : undefined} aria-describedby="prompt-name-hint"
              onInput={({ currentTarget }) => {
                const name = asName(currentTarget.value);
                // Also where nothing else changes: then the field would keep what a name can't have.
                if (currentTarget.value !== name) currentTarget.value = name;
                change({ name });
              }}
            />
          </span>
          <small id="prompt-name-hint">{t("Typed after a slash. Letters a to z, digits, hyphens.")}</small>
        </label>
        <label class="field">
          <span>{t("Title")}</span>
          <input type="text" required maxLength={100} dir="auto" value={content.title} onInput={({ currentTarget }) => change({ title: currentTarget.value })} />
        </label>
      </div>
      <label class="field">
        <span>{t("Text")}</span>
        <textarea
          rows={9} required maxLength={20_000} dir="auto" value={content.text} aria-describedby="prompt-text-hint"
          data-first={content.name === "" ? undefined : true} onInput={({ currentTarget }) => change({ text: currentTarget.value })}
        />
        <small id="prompt-text-hint">{asked.length === 0 ? HINT : t("Asks for: {names}.", { names: asked.join(", ") })}</small>
      </label>
    </>
  );
}

/** A prompt as it is written. */
export function WriteDialog({ writing }: { writing: Writing }): JSX.Element {
  const [content, setContent] = useState(writing.content);
  const [problem, setProblem] = useState<string | null>(null);
  const back = (): void => leave(writing, content);
  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setProblem(null);
    setProblem(await finish(writing, content));
  }
  return (
    <Dialog title={writing.id === null ? t("New prompt") : t("Edit /{name}", { name: writing.content.name })} close={back}>
      <form class="dialog-form" onSubmit={(event) => void save(event)}>
        <Fields content={content} change={(some) => setContent({ ...content, ...some })} />
        {problem !== null && <p class="field-problem" role="alert">{problem}</p>}
        <div class="dialog-actions">
          <button type="button" class="button quiet" onClick={back}>{t("Cancel")}</button>
          <button type="submit" class="button">{t("Save")}</button>
        </div>
      </form>
    </Dialog>
  );
}
