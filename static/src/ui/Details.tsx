import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count, price } from "../core/amounts.ts";
import { duration } from "../core/format.ts";
import { answeredBy } from "../core/message.ts";
import type { Generation, Metadata } from "../core/protocol.ts";
import { t } from "../core/t.ts";
import { titleOf } from "../core/titles.ts";
import { copy } from "../render/clipboard.ts";
import { effortUsed } from "./efforts.ts";

type Row = readonly [label: string, value: string];

function tokens(metadata: Partial<Metadata>): Row[] {
  const rows: (readonly [string, number | null | undefined])[] = [
    [t("Tokens read"), metadata.input_tokens],
    [t("of these from cache"), metadata.cached_tokens],
    [t("Tokens written"), metadata.output_tokens],
    [t("of these reasoning"), metadata.reasoning_tokens],
  ];
  const shown = (value: number): string => (metadata.is_estimated === true ? t("about {tokens}", { tokens: value }) : count(value));
  return rows.flatMap(([label, value]) => (value == null ? [] : [[label, shown(value)] as const]));
}

function speed({ output_tokens, duration_ms, first_token_ms }: Partial<Metadata>): Row[] {
  if (output_tokens == null || duration_ms == null) return [];
  const writing = duration_ms - (first_token_ms ?? 0);
  return writing <= 0 ? [] : [[t("Speed"), t("{rate} tokens/s", { rate: Math.round(output_tokens / (writing / 1000)) })]];
}

function models(generation: Generation): Row[] {
  const { actual_model, requested_model, tried } = generation.metadata;
  const name = answeredBy(generation);
  const rows: Row[] = (tried ?? []).map((one) => [t("Tried before"), `${one.model}: ${titleOf(one.code).toLowerCase()}`]);
  if (name !== null) rows.push([t("Model"), name]);
  if (requested_model != null && requested_model !== name) rows.push([t("Asked for"), requested_model]);
  if (actual_model != null && actual_model !== requested_model) rows.push([t("Answered by"), actual_model]);
  return rows;
}

function rowsOf(generation: Generation): Row[] {
  const { metadata } = generation;
  const { provider, cost, first_token_ms, duration_ms, attempts } = metadata;
  const rows = models(generation);
  if (generation.agent !== null) rows.push([t("Agent"), generation.agent.name]);
  if (metadata.effort != null) rows.push([t("Thinking effort"), effortUsed(metadata.effort)]);
  if (provider != null) rows.push([t("Provider"), provider]);
  if (generation.merged_from?.length) rows.push([t("Merged from"), generation.merged_from.map(({ model }) => model ?? t("another model")).join(", ")]);
  if (generation.guidance != null) rows.push([t("What should be different"), generation.guidance]);
  if (metadata.summarised != null) rows.push([t("Earlier messages"), t("read as a summary")]);
  rows.push(...tokens(metadata));
  if (cost != null) rows.push([t("Price"), price(cost)]);
  if (first_token_ms != null) rows.push([t("First word after"), duration(first_token_ms)]);
  if (duration_ms != null) rows.push([t("Written in"), duration(duration_ms)]);
  rows.push(...speed(metadata));
  if (attempts != null && attempts > 1) rows.push([t("Attempts"), String(attempts)]);
  return rows;
}

function TraceId({ id }: { id: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button" class="trace" title={t("Copy: your administrator finds the answer by it")} aria-label={t("Copy the trace id {id}", { id })}
      onClick={async () => setCopied(await copy(id))}
    >
      {copied ? t("Copied") : id}
    </button>
  );
}

/** Which model was asked and which answered, with how many tokens, at what price, how fast. */
export function Details({ generation }: { generation: Generation }): JSX.Element {
  return (
    <dl>
      {rowsOf(generation).map(([label, value]) => <div key={label}><dt>{label}</dt><dd dir="auto">{value}</dd></div>)}
      <div><dt>{t("Trace id")}</dt><dd><TraceId id={generation.id} /></dd></div>
    </dl>
  );
}
