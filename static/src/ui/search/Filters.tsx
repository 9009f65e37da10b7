import type { JSX } from "preact";
import { studio } from "../../app/store.ts";
import type { Id } from "../../core/protocol.ts";
import { t } from "../../core/t.ts";

export interface Chosen {
  agent: Id | null;
  model: Id | null;
  since: string | null;
  archived: "true" | "false" | null;
}

const PLACES = [
  { id: "false", name: t("Not archived") },
  { id: "true", name: t("Archived") },
] as const;

const SPANS = [
  { days: 1, label: t("Last 24 hours") },
  { days: 7, label: t("Last 7 days") },
  { days: 30, label: t("Last 30 days") },
  { days: 365, label: t("Last year") },
] as const;

function Choice({ label, any, options, choose }: {
  label: string; any: string; options: readonly { id: string; name: string }[]; choose(id: string | null): void;
}): JSX.Element {
  return (
    <select class="search-filter" aria-label={label} onChange={(event) => choose(event.currentTarget.value || null)}>
      <option value="">{any}</option>
      {options.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
    </select>
  );
}

export function Filters({ chosen, choose }: { chosen: Chosen; choose(chosen: Chosen): void }): JSX.Element {
  const spans = SPANS.map(({ days, label }) => ({ id: String(days), name: label }));
  const since = (days: string | null): string | null =>
    days === null ? null : new Date(Date.now() - Number(days) * 86_400_000).toISOString();
  return (
    <div class="search-filters">
      <Choice label={t("When")} any={t("Any time")} options={spans} choose={(days) => choose({ ...chosen, since: since(days) })} />
      <Choice label={t("Agent")} any={t("Any agent")} options={studio.value?.agents ?? []} choose={(agent) => choose({ ...chosen, agent })} />
      <Choice label={t("Model")} any={t("Any model")} options={studio.value?.models ?? []} choose={(model) => choose({ ...chosen, model })} />
      <Choice
        label={t("Where")} any={t("Everywhere")} options={PLACES}
        choose={(place) => choose({ ...chosen, archived: place as Chosen["archived"] })}
      />
    </div>
  );
}
