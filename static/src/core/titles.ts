// What is wrong with a provider or a model, in a few words: said while another attempt is made, and when none helped.

import { t } from "./t.ts";


const TITLES: Readonly<Record<string, string>> = {
  provider_rate_limited: t("The provider is overloaded"),
  provider_quota_exhausted: t("The provider's credit is used up"),
  provider_authentication_failed: t("The provider refuses our key"),
  provider_token_unreadable: t("The provider's key can't be read"),
  provider_timed_out: t("The provider did not answer in time"),
  provider_connection_failed: t("The provider can't be reached"),
  provider_server_error: t("The provider has a fault"),
  provider_unavailable: t("The provider is not available"),
  provider_malformed_response: t("The provider's answer is not readable"),
  model_not_found: t("The model is not there any more"),
  model_unsupported: t("The model can't do this"),
  model_misconfigured: t("The model is not set up properly"),
};

export function titleOf(code: string): string {
  return (Object.hasOwn(TITLES, code) ? TITLES[code] : undefined) ?? t("That did not work");
}
