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

/** What is drawn by a library, in a frame of its own: where that is, its name, and what it is told beside the code. */
interface Drawing {
  path: string;
  title: string;
  told: Record<string, unknown>;
}

const DIAGRAM: Drawing = { path: "diagram", title: t("Diagram"), told: { refusal: t("This is not a diagram that Mermaid can draw.") } };

const CHART: Drawing = {
  path: "chart",
  title: t("Chart"),
  told: {
    words: {
      refusal: t("This is not a chart that Vega can draw."),
      tooLarge: t("This chart is too large to be drawn here."),
      noObject: t("A chart is one object in JSON."),
      noMark: t("There is no mark of the name “{mark}”."),
      nothingFetched: t("A chart shows only the data that is inside of it. Nothing was fetched from {address}"),
    },
  },
};

const DRAWINGS: Readonly<Record<string, Drawing>> = { mermaid: DIAGRAM, vega: CHART, "vega-lite": CHART };

/** Shows or hides what the code makes, in a frame whose origin is nobody's: it reads and reaches nothing. */
function preview(button: HTMLButtonElement, block: Element, code: string, address: string): void {
  const shown = block.querySelector("iframe");
  button.setAttribute("aria-pressed", String(shown === null));
  if (shown !== null) {
    shown.remove();
    return;
  }
  const language = languageOf(block);
  const drawing = DRAWINGS[language];
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.referrerPolicy = "no-referrer";
  frame.title = drawing?.title ?? t("Preview");
  frame.className = "preview";
  frame.src = drawing === undefined ? address : `${address}/${drawing.path}`;
  const told = drawing === undefined ? code : { ...drawing.told, code, language, dark: isDark() };
  frame.addEventListener("load", () => frame.contentWindow?.postMessage(told, "*"), { once: true });
  // Beside its button, whatever the length of the code.
  block.querySelector("figcaption")?.after(frame);
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
