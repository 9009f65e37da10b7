// The buttons on blocks of code and tables. What they do is in toolUse.ts, which is loaded after the first sight of the page.

import { iconElement, type IconName } from "./icons.ts";
import { t } from "../core/t.ts";

export type Tool = "preview" | "copy" | "wrap" | "download" | "csv";

const FACES: Readonly<Record<Tool, readonly [icon: IconName, label: string]>> = {
  preview: ["eye", t("Preview")],
  copy: ["copy", t("Copy code")],
  wrap: ["wrap", t("Wrap long lines")],
  download: ["download", t("Download")],
  csv: ["copy", t("Copy table as CSV")],
};

export function toolButton(tool: Tool): HTMLButtonElement {
  const [icon, label] = FACES[tool];
  const button = document.createElement("button");
  button.type = "button";
  button.className = "code-tool";
  button.dataset["tool"] = tool;
  button.title = label;
  button.setAttribute("aria-label", label);
  if (tool === "wrap" || tool === "preview") button.setAttribute("aria-pressed", "false");
  button.append(iconElement(icon));
  return button;
}
