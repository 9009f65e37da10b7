// What is wrong with a provider or a model, in a few words: said while another attempt is made, and when none helped.

const TITLES: Readonly<Record<string, string>> = {
  provider_rate_limited: "The provider is overloaded",
  provider_quota_exhausted: "The provider's credit is used up",
  provider_authentication_failed: "The provider refuses our key",
  provider_token_unreadable: "The provider's key can't be read",
  provider_timed_out: "The provider did not answer in time",
  provider_connection_failed: "The provider can't be reached",
  provider_server_error: "The provider has a fault",
  provider_unavailable: "The provider is not available",
  provider_malformed_response: "The provider's answer is not readable",
  model_not_found: "The model is not there any more",
  model_unsupported: "The model can't do this",
  model_misconfigured: "The model is not set up properly",
};

export function titleOf(code: string): string {
  return (Object.hasOwn(TITLES, code) ? TITLES[code] : undefined) ?? "That did not work";
}
