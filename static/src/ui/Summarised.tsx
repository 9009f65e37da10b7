import type { JSX } from "preact";
import type { Summary } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { Icon } from "./Icon.tsx";
import { Markdown } from "./Markdown.tsx";

/** Between two turns: what models read in place of everything above, folded. */
export function Summarised({ text, tokens, model }: Summary): JSX.Element {
  return (
    <details class="summarised">
      <summary>
        <Icon name="quote" />
        <span>{t("Earlier messages are summarised here for the model")}</span>
        <Icon name="chevron" />
      </summary>
      <p>{t("Where the whole chat no longer fits, models read this in place of what stands above: about {tokens} tokens, written by {model}. Nothing is deleted.", { tokens, model })}</p>
      <Markdown text={text} growing={false} />
    </details>
  );
}
