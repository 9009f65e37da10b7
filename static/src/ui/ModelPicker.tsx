import type { JSX } from "preact";
import { effective } from "../app/store.ts";
import { Icon } from "./Icon.tsx";
import { Picker } from "./Picker.tsx";
import { ModelList } from "./rarely.ts";
import { t } from "../core/t.ts";

export function ModelPicker(): JSX.Element {
  const chip = <><Icon name="model" /><span class="chip-name">{effective.value.model?.name ?? t("No model")}</span></>;
  return <Picker kind="model" chip={chip} List={ModelList} />;
}
