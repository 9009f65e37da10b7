import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { addFiles } from "../../app/attaching.ts";
import { DictateButton } from "../DictateButton.tsx";
import { Icon } from "../Icon.tsx";
import { focusComposerUnlessTouched } from "../screen.ts";
import { t } from "../../core/t.ts";

// What a picker offers first. A telephone turns its own kinds of pictures into one of these; what is really taken, the server decides.
const OFFERED = "image/png,image/jpeg,image/webp,image/gif,application/pdf,application/json,.docx,.xlsx,.pptx,text/*,.md,.csv,.log,.yaml,.yml,.toml,"
  + ".py,.js,.ts,.tsx,.jsx,.java,.kt,.c,.h,.cpp,.cs,.go,.rs,.rb,.php,.sql,.sh,.swift,.tex";

/** What a message is made of beside typing: files that are picked, and speech. */
export function AttachButton(): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="action attach" aria-label={t("Add files")} title={t("Add files")} onClick={() => input.current?.click()}>
        <Icon name="add" />
      </button>
      <input
        ref={input} type="file" multiple hidden accept={OFFERED}
        onChange={({ currentTarget }) => {
          addFiles(currentTarget.files ?? []);
          currentTarget.value = "";
          focusComposerUnlessTouched();
        }}
      />
      <DictateButton />
    </>
  );
}
