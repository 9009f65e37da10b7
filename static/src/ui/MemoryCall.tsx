import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { owner } from "../app/store.ts";
import { type MemoryChange, takeBack } from "../core/memories.ts";
import { said, t } from "../core/t.ts";
import { request, RequestFailed } from "../transport/rest.ts";
import { Icon } from "./Icon.tsx";
import { addresses } from "./screen.ts";

function words(change: MemoryChange): string {
  // Isolated: what is remembered may go the other way than the sentence around it.
  const text = `\u2068${change.text}\u2069`;
  return change.kind === "forgotten" ? t("Forgot: {text}", { text }) : t("Remembered: {text}", { text });
}

/** In place of the call: what was remembered or forgotten, and, for whom that is about, where all of it is, and the way back. */
export function MemoryCall({ change }: { change: MemoryChange }): JSX.Element {
  const told = useSignal("");
  const failed = useSignal("");
  const undo = async (): Promise<void> => {
    const { method, path, body } = takeBack(change);
    failed.value = "";
    try {
      await request(method, path, body);
      told.value = t("Undone");
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.status === 404) told.value = t("Not remembered any more");
      else failed.value = said(error.problem);
    }
  };
  return (
    <div class="memory-call">
      <Icon name="bookmark" />
      <span>{words(change)}</span>
      {owner.value === null && <a href={`${addresses.settings}#memory`}>{t("Memory")}</a>}
      {owner.value === null && told.value === "" && <button type="button" aria-label={t("Undo: {text}", { text: change.text })} onClick={() => void undo()}>{t("Undo")}</button>}
      <span role="status">{told.value}</span>
      {failed.value !== "" && <span role="alert">{failed.value}</span>}
    </div>
  );
}
