import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { limits } from "../app/store.ts";
import { characters } from "../core/format.ts";
import { t } from "../core/t.ts";
import { useGrowing } from "./growing.ts";

export interface EditProps {
  text: string;
  label: string;
  /** What the button does. */
  verb: string;
  about: string;
  /** Whether nothing is something, too. */
  optional?: boolean;
  save(text: string): void;
  close(): void;
}

/** A message as a field, in its place. Ctrl+Enter saves, Escape leaves it as it was. */
export function EditField({ text, label, verb, about, optional = false, save, close }: EditProps): JSX.Element {
  const [written, setWritten] = useState(text);
  const field = useGrowing(written);
  const over = characters(written) - limits.value.message_characters;
  const ready = (optional || written.trim() !== "") && over <= 0;
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, []);
  function finish(): void {
    if (!ready) return;
    if (written === text && verb === t("Save")) close();
    else save(written);
  }
  return (
    <form class="edit-field" data-stay onSubmit={(event) => { event.preventDefault(); finish(); }}>
      <textarea
        ref={field} aria-label={label} dir="auto" rows={1} value={written}
        onInput={(event) => setWritten(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.isComposing) close();
          else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) finish();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="edit-foot">
        <p class={over > 0 ? "limit over" : "limit"} role={over > 0 ? "alert" : undefined}>
          {over > 0 ? t("{count} character too many.|{count} characters too many.", { count: over }) : about}
        </p>
        <button type="button" class="button quiet" onClick={close}>{t("Cancel")}</button>
        <button type="submit" class="button" disabled={!ready} title={`${verb} (Ctrl+Enter)`}>{verb}</button>
      </div>
    </form>
  );
}
