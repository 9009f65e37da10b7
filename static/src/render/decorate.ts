// Turns the placeholders of sanitised Markdown into code blocks, formulas and tables that scroll.

import { codeBlock, finishCode } from "./code.ts";
import { drawMaths } from "./maths.ts";
import { toolButton } from "./tools.ts";
import { t } from "../core/t.ts";

function scrollable(table: HTMLTableElement): HTMLElement {
  const frame = document.createElement("div");
  frame.className = "table-scroll";
  // A region that scrolls must be reachable by the keyboard.
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", t("Table"));
  const area = document.createElement("div");
  area.className = "table";
  area.append(toolButton("csv"), frame);
  table.replaceWith(area);
  frame.append(table);
  return area;
}

export function decorate(fragment: DocumentFragment): void {
  for (const pre of fragment.querySelectorAll("pre")) {
    const block = codeBlock(pre.dataset["code"] ?? "", pre.textContent);
    pre.replaceWith(block.element);
    finishCode(block);
  }
  for (const table of fragment.querySelectorAll("table")) scrollable(table);
  for (const node of fragment.querySelectorAll<HTMLElement>("[data-maths]")) drawMaths(node);
}
