// A block of code: its language, its tools, and the text.

import { highlight } from "./highlight.ts";
import { toolButton } from "./tools.ts";
import { t } from "../core/t.ts";

// What a frame can show.
const SHOWN: ReadonlySet<string> = new Set(["html", "svg", "mermaid", "vega-lite", "vega"]);

export interface CodeBlock {
  element: HTMLElement;
  code: HTMLElement;
  language: string;
}

export function codeBlock(language: string, text: string): CodeBlock {
  const element = document.createElement("figure");
  element.className = "code";
  element.dir = "ltr";
  const caption = document.createElement("figcaption");
  const label = document.createElement("span");
  label.textContent = language || "text";
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  pre.setAttribute("aria-label", language === "" ? t("Code") : t("Code, {language}", { language }));
  pre.setAttribute("role", "region");
  const code = document.createElement("code");
  code.textContent = text;
  pre.append(code);
  caption.append(label);
  if (SHOWN.has(language.toLowerCase())) caption.append(toolButton("preview"));
  caption.append(toolButton("wrap"), toolButton("download"), toolButton("copy"));
  element.append(caption, pre);
  return { element, code, language };
}

/** A block whose fence is still open only gets longer: its text node grows, nothing is parsed again. */
export function growCode(block: CodeBlock, text: string): void {
  const node = block.code.firstChild;
  if (node instanceof Text && text.startsWith(node.data)) node.appendData(text.slice(node.data.length));
  else block.code.textContent = text;
}

export function finishCode(block: CodeBlock): void {
  highlight(block.code, block.language);
}
