// What the buttons on blocks of code and tables do.

import { csvOf, fileNameOf } from "../core/export.ts";
import { t } from "../core/t.ts";
import { copy } from "./clipboard.ts";
import { iconElement } from "./icons.ts";
import type { Tool } from "./tools.ts";

const COPIED_FOR = 1600;

async function copyWith(button: HTMLButtonElement, text: string): Promise<void> {
  if (!(await copy(text))) return;
  const label = button.getAttribute("aria-label") ?? "";
  if (label === t("Copied")) return;
  button.replaceChildren(iconElement("check"));
  button.setAttribute("aria-label", t("Copied"));
  setTimeout(() => {
    button.replaceChildren(iconElement("copy"));
    button.setAttribute("aria-label", label);
  }, COPIED_FOR);
}

function download(text: string, language: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileNameOf(language);
  link.click();
  URL.revokeObjectURL(address);
}

function wrap(button: HTMLButtonElement, block: Element): void {
  const wraps = block.classList.toggle("wrapped");
  button.setAttribute("aria-pressed", String(wraps));
}

function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

function drawing(code: string): Record<string, unknown> {
  return { code, dark: isDark(), refusal: t("This is not a diagram that Mermaid can draw.") };
}

/** Shows or hides what the code makes, in a frame whose origin is nobody's: it reads and reaches nothing. */
function preview(button: HTMLButtonElement, block: Element, code: string, address: string): void {
  const shown = block.querySelector("iframe");
  button.setAttribute("aria-pressed", String(shown === null));
  if (shown !== null) {
    shown.remove();
    return;
  }
  const isDiagram = languageOf(block) === "mermaid";
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.referrerPolicy = "no-referrer";
  frame.title = isDiagram ? t("Diagram") : t("Preview");
  frame.className = "preview";
  frame.src = isDiagram ? `${address}/diagram` : address;
  frame.addEventListener("load", () => frame.contentWindow?.postMessage(isDiagram ? drawing(code) : code, "*"), { once: true });
  block.append(frame);
}

function languageOf(block: Element): string {
  return block.querySelector("figcaption span")?.textContent.toLowerCase() ?? "";
}

function cellsOf(table: HTMLTableElement): string[][] {
  return [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText));
}

function use(button: HTMLButtonElement, previews: string): void {
  const block = button.closest(".code, .table");
  if (block === null) return;
  const code = block.querySelector("code")?.textContent ?? "";
  switch (button.dataset["tool"] as Tool) {
    case "preview":
      return preview(button, block, code, previews);
    case "copy":
      return void copyWith(button, code);
    case "wrap":
      return wrap(button, block);
    case "download":
      return download(code, languageOf(block));
    case "csv": {
      const table = block.querySelector("table");
      if (table !== null) void copyWith(button, csvOf(cellsOf(table)));
    }
  }
}

/** `previews`: the address of the frame that previews are shown in. */
export function startTools(previews: string): void {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-tool]") : null;
    if (button instanceof HTMLButtonElement) use(button, previews);
  });
}
