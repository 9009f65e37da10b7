// Prices and numbers of tokens as people read them.

import { locale, t } from "./t.ts";

/** Decimal text in dollars, with as many digits as a small amount needs: "$0.00042", "$0.15", "$12". */
export function price(dollars: string): string {
  const amount = Number(dollars);
  if (!Number.isFinite(amount)) return "";
  const cents = Number.isInteger(Math.round(amount * 100) / 100) ? 0 : 2;
  const digits = amount === 0 || amount >= 0.01 ? { minimumFractionDigits: cents, maximumFractionDigits: cents } : { maximumFractionDigits: 6 };
  return amount.toLocaleString(locale, { style: "currency", currency: "USD", ...digits });
}

/** "0.15 / $0.60": what a million tokens cost, in and out; null when neither is known. */
export function prices(input: string | null, output: string | null): string | null {
  if (input === null && output === null) return null;
  const known = (dollars: string | null): string => (dollars === null ? "?" : price(dollars));
  if (Number(input) === 0 && Number(output) === 0) return t("free");
  return t("{in} in · {out} out", { in: known(input), out: known(output) });
}

/** Tokens: "8K", "128K", "1M". */
export function contextWindow(tokens: number): string {
  if (tokens >= 1_000_000) return `${(tokens / 1_000_000).toLocaleString(locale, { maximumFractionDigits: 1 })}M`;
  return tokens >= 1000 ? `${Math.round(tokens / 1000)}K` : String(tokens);
}

export function count(value: number): string {
  return value.toLocaleString(locale);
}
