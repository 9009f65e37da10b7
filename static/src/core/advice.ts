// Which action helps against an error, by its code.

import type { Problem } from "./protocol.ts";
import { t } from "./t.ts";
import { titleOf } from "./titles.ts";

export type Remedy = "retry" | "continue" | "choose-model" | "choose-agent" | "new-chat" | "edit" | "admin" | "reload" | "sign-in";

export interface Advice {
  title: string;
  remedies: readonly Remedy[];
}

const ADVICE: Readonly<Record<string, Advice>> = {
  context_too_long: { title: t("The conversation is too long"), remedies: ["edit", "choose-model", "new-chat"] },
  content_filtered: { title: t("Stopped by the content filter"), remedies: ["edit", "choose-model"] },
  provider_rate_limited: { title: titleOf("provider_rate_limited"), remedies: ["retry", "choose-model"] },
  provider_quota_exhausted: { title: titleOf("provider_quota_exhausted"), remedies: ["choose-model", "admin"] },
  provider_authentication_failed: { title: titleOf("provider_authentication_failed"), remedies: ["choose-model", "admin"] },
  provider_token_unreadable: { title: titleOf("provider_token_unreadable"), remedies: ["choose-model", "admin"] },
  model_not_found: { title: titleOf("model_not_found"), remedies: ["choose-model", "admin"] },
  model_unsupported: { title: titleOf("model_unsupported"), remedies: ["choose-model"] },
  model_misconfigured: { title: titleOf("model_misconfigured"), remedies: ["choose-model", "admin"] },
  model_unavailable: { title: t("This model can't be used"), remedies: ["choose-model"] },
  agent_unavailable: { title: t("This agent can't be used any more"), remedies: ["choose-agent"] },
  no_model_available: { title: t("No model can be used"), remedies: ["retry", "admin"] },
  no_team: { title: t("No team yet"), remedies: ["reload", "admin"] },
  provider_timed_out: { title: titleOf("provider_timed_out"), remedies: ["retry", "choose-model"] },
  provider_connection_failed: { title: titleOf("provider_connection_failed"), remedies: ["retry", "choose-model"] },
  provider_server_error: { title: titleOf("provider_server_error"), remedies: ["retry", "choose-model"] },
  provider_unavailable: { title: titleOf("provider_unavailable"), remedies: ["retry", "choose-model"] },
  provider_malformed_response: { title: titleOf("provider_malformed_response"), remedies: ["retry", "choose-model"] },
  stream_interrupted: { title: t("The answer broke off"), remedies: ["continue", "retry"] },
  generation_interrupted: { title: t("The answer was interrupted"), remedies: ["continue", "retry"] },
  generation_in_progress: { title: t("An answer is still being written"), remedies: ["retry", "edit"] },
  message_too_long: { title: t("The message is too long"), remedies: ["edit"] },
  message_changed: { title: t("The chat has changed meanwhile"), remedies: ["reload", "edit"] },
  session_not_found: { title: t("This chat is gone"), remedies: ["new-chat"] },
  not_signed_in: { title: t("You are signed out"), remedies: ["sign-in"] },
  unknown_command: { title: t("This page is out of date"), remedies: ["reload"] },
};

const RETRYABLE: Advice = { title: t("That did not work"), remedies: ["retry", "choose-model"] };
const FINAL: Advice = { title: t("That did not work"), remedies: ["choose-model", "edit"] };

/** A title and the actions that may help, the best one first. A code that is not known is judged by `retryable`. */
export function adviceFor(problem: Problem): Advice {
  const known = Object.hasOwn(ADVICE, problem.code) ? ADVICE[problem.code] : undefined;
  return known ?? (problem.retryable ? RETRYABLE : FINAL);
}
