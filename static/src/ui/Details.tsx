import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count, duration, price } from "../core/format.ts";
import { answeredBy } from "../core/message.ts";
import type { Generation, Metadata } from "../core/protocol.ts";
import { titleOf } from "../core/titles.ts";
import { copy } from "../render/clipboard.ts";

type Row = readonly [label: string, value: string];

function tokens(metadata: Partial<Metadata>): Row[] {
  const rows: (readonly [string, number | null | undefined])[] = [
    ["Tokens read", metadata.input_tokens],
    ["of these from cache", metadata.cached_tokens],
    ["Tokens written", metadata.output_tokens],
    ["of these reasoning", metadata.reasoning_tokens],
  ];
  const about = metadata.is_estimated === true ? "about " : "";
  return rows.flatMap(([label, value]) => (value == null ? [] : [[label, about + count(value)] as const]));
}

function speed({ output_tokens, duration_ms, first_token_ms }: Partial<Metadata>): Row[] {
  if (output_tokens == null || duration_ms == null) return [];
  const writing = duration_ms - (first_token_ms ?? 0);
  return writing <= 0 ? [] : [["Speed", `${Math.round(output_tokens / (writing / 1000))} tokens/s`]];
}

function models(generation: Generation): Row[] {
  const { actual_model, requested_model, tried } = generation.metadata;
  const name = answeredBy(generation);
  const rows: Row[] = (tried ?? []).map((one) => ["Tried before", `${one.model}: ${titleOf(one.code).toLowerCase()}`]);
  if (name !== null) rows.push(["Model", name]);
  if (requested_model != null && requested_model !== name) rows.push(["Asked for", requested_model]);
  if (actual_model != null && actual_model !== requested_model) rows.push(["Answered by", actual_model]);
  return rows;
}

function rowsOf(generation: Generation): Row[] {
  const { metadata } = generation;
  const { provider, cost, first_token_ms, duration_ms, attempts } = metadata;
  const rows = models(generation);
  if (generation.agent !== null) rows.push(["Agent", generation.agent.name]);
  if (provider != null) rows.push(["Provider", provider]);
  rows.push(...tokens(metadata));
  if (cost != null) rows.push(["Price", price(cost)]);
  if (first_token_ms != null) rows.push(["First word after", duration(first_token_ms)]);
  if (duration_ms != null) rows.push(["Written in", duration(duration_ms)]);
  rows.push(...speed(metadata));
  if (attempts != null && attempts > 1) rows.push(["Attempts", String(attempts)]);
  return rows;
}

function TraceId({ id }: { id: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button" class="trace" title="Copy: your administrator finds the answer by it" aria-label={`Copy the trace id ${id}`}
      onClick={async () => setCopied(await copy(id))}
    >
      {copied ? "Copied" : id}
    </button>
  );
}

/** Which model was asked and which answered, with how many tokens, at what price, how fast. */
export function Details({ generation }: { generation: Generation }): JSX.Element {
  return (
    <dl>
      {rowsOf(generation).map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}
      <div><dt>Trace id</dt><dd><TraceId id={generation.id} /></dd></div>
    </dl>
  );
}
