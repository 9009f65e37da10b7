import type { JSX } from "preact";
import { t } from "../core/t.ts";
import { canDictate, heard, startDictating, stopDictating } from "./dictating.ts";
import { Icon } from "./Icon.tsx";

/** Begins and ends dictation. */
export function DictateButton(): JSX.Element | null {
  if (!canDictate) return null;
  const listening = heard.value !== null;
  return (
    <button
      type="button" class={listening ? "action attach dictate listening" : "action attach dictate"} aria-label={t("Dictate")} aria-pressed={listening}
      title={listening ? t("Stop dictating (Escape)") : t("Dictate: your browser turns speech into text")}
      onClick={listening ? stopDictating : startDictating}
    >
      <Icon name="microphone" />
    </button>
  );
}

/** What is heard stands above the field until it is certain. */
export function Heard(): JSX.Element | null {
  return heard.value === null ? null : <p class="heard" role="status" dir="auto">{heard.value || t("Listening…")}</p>;
}
