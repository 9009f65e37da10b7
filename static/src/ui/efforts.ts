// How hard a model is asked to think, in words for people.

import type { Effort, Metadata } from "../core/protocol.ts";
import { t } from "../core/t.ts";

const WORDS: Readonly<Record<Effort, readonly [name: string, about: string]>> = {
  none: [t("No thinking"), t("Answers at once.")],
  minimal: [t("Minimal"), t("Hardly thinks at all.")],
  low: [t("Low"), t("Thinks briefly: quick and cheap.")],
  medium: [t("Medium"), t("Thinks as long as most questions need.")],
  high: [t("High"), t("Thinks long, about what is hard.")],
  xhigh: [t("Very high"), t("Thinks longer still: slower and dearer.")],
  max: [t("Maximum"), t("Thinks as long as it can.")],
};

export const nameOfEffort = (effort: Effort): string => WORDS[effort][0];

export const aboutEffort = (effort: Effort): string => WORDS[effort][1];

/** Which effort an answer was asked with, and by whom. */
export function effortUsed({ level, by }: NonNullable<Metadata["effort"]>): string {
  const effort = nameOfEffort(level);
  if (by === "chat") return t("{effort}, as chosen", { effort });
  return by === "agent" ? t("{effort}, as the agent has it", { effort }) : t("{effort}, as the model has it", { effort });
}
