import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { copy } from "../render/clipboard.ts";
import { Icon } from "./Icon.tsx";
import { t } from "../core/t.ts";

const COPIED_FOR = 1600;

export function CopyButton({ text, label }: { text: string; label: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  async function onClick(): Promise<void> {
    if (!(await copy(text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_FOR);
  }
  return (
    <button type="button" class="action" aria-label={copied ? t("Copied") : label} title={t("Copy")} onClick={onClick}>
      <Icon name={copied ? "check" : "copy"} />
    </button>
  );
}
