import type { JSX } from "preact";
import { agent, offered } from "../app/store.ts";
import { Icon } from "./Icon.tsx";
import { Picker } from "./Picker.tsx";
import { AgentList } from "./rarely.ts";
import { t } from "../core/t.ts";

export function AgentPicker(): JSX.Element | null {
  if ((offered.value?.agents ?? []).length === 0) return null;
  const face = agent.value;
  const chip = (
    <>
      {face?.icon ? <span class="chip-face" aria-hidden="true">{face.icon}</span> : <Icon name="agent" />}
      <span class="chip-name">{face?.name ?? t("Agent")}</span>
    </>
  );
  return <Picker kind="agent" chip={chip} List={AgentList} />;
}
