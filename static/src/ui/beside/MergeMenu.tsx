import type { JSX } from "preact";
import { merge } from "../../app/beside.ts";
import { busy, offered } from "../../app/store.ts";
import { t } from "../../core/t.ts";
import { Item, Models } from "../MoreMenu.tsx";
import { focusComposerUnlessTouched } from "../screen.ts";

/** The models that can write one answer out of those that stand side by side. */
export function MergeMenu(): JSX.Element {
  const mergeBy = (model: string): void => {
    merge(model);
    focusComposerUnlessTouched();
  };
  return (
    <Models heading={t("Merge into one, written by")}>
      {(offered.value?.models ?? []).map(({ id, name, provider }) => (
        <Item key={id} icon="model" disabled={busy.value} perform={() => mergeBy(id)}>{name}<small>{provider}</small></Item>
      ))}
    </Models>
  );
}
