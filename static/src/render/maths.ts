// Formulas, loaded when the first one is shown.

import type katex from "katex";

type Katex = typeof katex;

let loaded: Katex | null = null;
let loading: Promise<Katex> | null = null;

function stylesheet(): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(`./${MATHS_STYLESHEET}`, document.querySelector<HTMLScriptElement>("script[type=module]")?.src).href;
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", reject);
    document.head.append(link);
  });
}

async function load(): Promise<Katex> {
  const [{ default: library }] = await Promise.all([import("katex"), stylesheet()]);
  loaded = library;
  return library;
}

// `render` into a node sets styles through the CSSOM, which the content security policy allows; `renderToString` would not.
function draw(library: Katex, node: HTMLElement, tex: string): void {
  library.render(tex, node, {
    displayMode: node.dataset["maths"] === "display",
    throwOnError: false,
    trust: false,
    strict: "ignore",
    maxExpand: 500,
    maxSize: 40,
  });
}

/** Draws the formula whose TeX is the text of `node`. Until the library is there, or without it, the TeX stays. */
export function drawMaths(node: HTMLElement): void {
  const tex = node.textContent;
  if (loaded !== null) {
    draw(loaded, node, tex);
    return;
  }
  loading ??= load();
  loading.then((library) => draw(library, node, tex), () => { loading = null; });
}
