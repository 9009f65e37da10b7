// The lists of models and agents that a picker opens.

import type { JSX } from "preact";
import { compare, comparing } from "../app/beside.ts";
import { chooseAgent, chooseModel } from "../app/choosing.ts";
import { agent, choice, effective, offered, openSession, session } from "../app/store.ts";
import { MOST } from "../core/beside.ts";
import { contextWindow, prices } from "../core/amounts.ts";
import { locale, t } from "../core/t.ts";
import type { Agent, Model } from "../transport/rest.ts";
import { Icon } from "./Icon.tsx";
import { type Also, type Option, PickerList } from "./PickerList.tsx";

export interface ListProps {
  close(refocus: boolean): void;
}

function notesOf(model: Model): string[] {
  const price = prices(model.input_price, model.output_price);
  return [
    ...model.capabilities,
    ...(model.context_window === null ? [] : [t("{tokens} context", { tokens: contextWindow(model.context_window) })]),
    ...(price === null ? [] : [price]),
  ];
}

function modelOption(model: Model): Option {
  return { id: model.id, name: model.name, group: model.provider, about: "", face: <Icon name="model" />, notes: notesOf(model) };
}

// A model that was chosen for this session and can't be used any more is not in the list; the default answers then.
function defaultOption(): Option {
  const { model, by } = effective.value;
  const name = by === "choice" ? "" : (model?.name ?? "");
  const about = name === "" ? t("The agent's own, or the team's default.") : (by === "agent" ? t("Now {name}, the agent's own.", { name }) : t("Now {name}.", { name }));
  return { id: null, name: t("Automatic"), group: "", about, face: <Icon name="model" />, notes: [] };
}

/** Those that are asked as well, and whose answers stand side by side. */
function asWell(): Also | undefined {
  const chosen = effective.value.model?.id;
  const asked = comparing.value;
  const has = (id: string): boolean => asked.some((model) => model.id === id);
  if ((offered.value?.models.length ?? 0) < 2) return undefined;
  return {
    label: (name) => t("Ask {model} as well, side by side", { model: name }),
    taken: t("Answers as well, side by side"),
    hint: t("+ or Shift+Enter asks up to three more models, side by side."),
    has,
    offers: (id) => id !== chosen && (has(id) || asked.length < MOST - 1),
    toggle: compare,
  };
}

export function ModelList({ close }: ListProps): JSX.Element {
  const models = (offered.value?.models ?? []).toSorted((a, b) => a.provider.localeCompare(b.provider, locale));
  const selected = openSession.value === null ? choice.value.model : (session.value?.model?.id ?? null);
  return (
    <PickerList
      kind="model" label={t("Choose a model")} options={[defaultOption(), ...models.map(modelOption)]} selected={selected} choose={chooseModel}
      close={close} also={asWell()}
    />
  );
}

function agentOption({ id, name, description, icon }: Agent): Option {
  return { id, name, group: "", about: description, face: icon === "" ? <Icon name="agent" /> : icon, notes: [] };
}

const NOBODY: Option = {
  id: null, name: t("No agent"), group: "", about: t("The model by itself."), face: <Icon name="close" />, notes: [],
};

export function AgentList({ close }: ListProps): JSX.Element {
  const agents = offered.value?.agents ?? [];
  return (
    <PickerList
      kind="agent" label={t("Choose an agent")} options={[NOBODY, ...agents.map(agentOption)]} selected={agent.value?.id ?? null}
      choose={chooseAgent} close={close}
    />
  );
}
