import type { JSX } from "preact";
import { Icon } from "./Icon.tsx";
import { type Theme, theme } from "./screen.ts";
import { t } from "../core/t.ts";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

// One press gives the other look; pressing until it is the system's again follows the system from then on.
function other(): Theme {
  const dark = theme.peek() === "system" ? prefersDark.matches : theme.peek() === "dark";
  const next = dark ? "light" : "dark";
  return (next === "dark") === prefersDark.matches ? "system" : next;
}

export function ThemeSwitch(): JSX.Element {
  const dark = theme.value === "system" ? prefersDark.matches : theme.value === "dark";
  const label = dark ? t("Light look") : t("Dark look");
  return (
    <button type="button" class="action" aria-label={label} title={label} onClick={() => { theme.value = other(); }}>
      <Icon name={dark ? "sun" : "moon"} />
    </button>
  );
}
