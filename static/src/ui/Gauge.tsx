import type { JSX } from "preact";
import { attached } from "../app/attaching.ts";
import { effective, messages } from "../app/store.ts";
import { price } from "../core/amounts.ts";
import { filled } from "../core/gauge.ts";
import { t } from "../core/t.ts";
import { draft } from "./draft.ts";

const NEARLY_FULL = 0.8;
const ROUND = 2 * Math.PI * 7;

/** How much of the model's context the next message will take, and what reading it costs. */
export function Gauge(): JSX.Element | null {
  const { model } = effective.value;
  const shown = messages.value;
  if (model?.context_window == null || (shown.length === 0 && draft.value === "" && attached.value.length === 0)) return null;
  const { tokens, share } = filled(shown, draft.value, model.context_window, attached.value.flatMap(({ uploaded }) => uploaded?.part ?? []));
  const cost = model.input_price === null ? "" : price(String((Number(model.input_price) * tokens) / 1e6));
  const about = { tokens, window: model.context_window, cost };
  const filling = cost === "" ? t("About {tokens} of {window} tokens.", about) : t("About {tokens} of {window} tokens, {cost} to read.", about);
  const text = share > 1 ? `${filling} ${t("What is oldest is left out.")}` : filling;
  return (
    <span class={share > NEARLY_FULL ? "gauge full" : "gauge"} role="img" aria-label={text} title={text}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="7" />
        <circle class="gauge-share" cx="10" cy="10" r="7" stroke-dasharray={`${Math.min(1, share) * ROUND} ${ROUND}`} />
      </svg>
      {share >= 0.1 && <span aria-hidden="true">{Math.min(999, Math.round(share * 100))}%</span>}
    </span>
  );
}
