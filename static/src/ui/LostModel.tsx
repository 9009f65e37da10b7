import type { JSX } from "preact";
import { chooseModel } from "../app/choosing.ts";
import { effective, lost } from "../app/store.ts";
import { t } from "../core/t.ts";

/** Over the message field of a chat whose model is offered no more: what happened, and the way on. */
export function LostModel(): JSX.Element | null {
  const next = effective.value.model;
  if (lost.value === null) return null;
  return (
    <section class="queue" role="status" aria-label={t("The model of this chat")}>
      <p>
        <strong dir="auto">{lost.value.name}</strong> {t("can't be used by your team any more.")}
        {next !== null && <button type="button" class="note-action" onClick={() => chooseModel(null)}>{t("Go on with {model}", { model: next.name })}</button>}
      </p>
    </section>
  );
}
