import type { JSX } from "preact";
import { chooseEffort } from "../app/choosing.ts";
import { choice, effective, openSession, session } from "../app/store.ts";
import type { Effort } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import type { ListProps } from "./choices.tsx";
import { aboutEffort, nameOfEffort } from "./efforts.ts";
import { Icon } from "./Icon.tsx";
import { Picker } from "./Picker.tsx";
import { type Option, PickerList } from "./PickerList.tsx";

/** What the model that answers next can be asked for. */
export const efforts = (): readonly Effort[] => effective.value.model?.efforts ?? [];

/** What is chosen here, as long as the model takes it: another one answers as if nothing were. */
function chosen(): Effort | null {
  const stored = openSession.value === null ? choice.value.effort : (session.value?.effort ?? null);
  return stored !== null && efforts().includes(stored) ? stored : null;
}

const option = (id: Effort | null, name: string, about: string): Option => ({ id, name, about, group: "", face: <Icon name="thought" />, notes: [] });

function EffortList({ close }: ListProps): JSX.Element {
  const automatic = option(null, t("Automatic"), t("As the agent has it, or the model."));
  return (
    <PickerList
      kind="effort" label={t("Choose a thinking effort")} selected={chosen()} choose={(id) => chooseEffort(id as Effort | null)} close={close}
      options={[automatic, ...efforts().map((effort) => option(effort, nameOfEffort(effort), aboutEffort(effort)))]}
    />
  );
}

/** How hard the model thinks; nothing for a model that can't be asked to. */
export function EffortPicker(): JSX.Element | null {
  if (efforts().length === 0) return null;
  const effort = chosen();
  const chip = (
    <>
      <Icon name="thought" />
      {effort !== null && <span class="unseen">{t("Thinking")}: </span>}
      <span class="chip-name">{effort === null ? t("Thinking") : nameOfEffort(effort)}</span>
    </>
  );
  return <Picker kind="effort" chip={chip} List={EffortList} />;
}
