/** The hashed name of the style sheet for formulas, put in by the build. */
declare const MATHS_STYLESHEET: string;

interface TrustedTypePolicy {
  createHTML(text: string): unknown;
}

interface Window {
  trustedTypes?: { createPolicy(name: string, rules: { createHTML(text: string): string }): TrustedTypePolicy };
}
