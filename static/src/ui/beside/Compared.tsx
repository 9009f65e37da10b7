import type { JSX } from "preact";
import { compare, comparing } from "../../app/beside.ts";
import { t } from "../../core/t.ts";
import { Attaching } from "../attach/Attaching.tsx";
import { Icon } from "../Icon.tsx";
import { focusComposer } from "../screen.ts";

function Compared(): JSX.Element | null {
  if (comparing.value.length === 0) return null;
  return (
    <div class="compared" role="group" aria-label={t("Models that answer side by side")}>
      <span>{t("Side by side with")}</span>
      <ul>
        {comparing.value.map(({ id, name }) => (
          <li key={id}>
            <span dir="auto">{name}</span>
            <button
              type="button" class="action" aria-label={t("Ask {model} no more", { model: name })} title={t("Remove")}
              onClick={() => {
                compare(id);
                focusComposer();
              }}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Over the text that is being written: which models are asked as well, and the files that go with it. */
export function ComposerHead(): JSX.Element {
  return <><Compared /><Attaching /></>;
}
