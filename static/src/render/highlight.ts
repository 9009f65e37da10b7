// Code highlighting, loaded when the first block of code is complete.

import type { HLJSApi } from "highlight.js";

const LONGEST = 50_000;

let loaded: HLJSApi | null = null;
let loading: Promise<HLJSApi> | null = null;

async function load(): Promise<HLJSApi> {
  const { default: hljs } = await import("highlight.js/lib/common");
  loaded = hljs;
  return hljs;
}

// The library's output is its own markup around text that it has escaped.
const policy = window.trustedTypes?.createPolicy("hljs", { createHTML: (html) => html });

function paint(hljs: HLJSApi, code: HTMLElement, language: string): void {
  const text = code.textContent;
  if (hljs.getLanguage(language) === undefined) return;
  const html = hljs.highlight(text, { language, ignoreIllegals: true }).value;
  code.innerHTML = (policy?.createHTML(html) ?? html) as string;
}

/** Colours a complete block of code; at once when the highlighter is there already, so that nothing flickers. */
export function highlight(code: HTMLElement, language: string): void {
  if (language === "" || code.textContent.length > LONGEST) return;
  if (loaded !== null) {
    paint(loaded, code, language);
    return;
  }
  loading ??= load();
  // Offline, the code stays plain and the next block tries again.
  loading.then((hljs) => paint(hljs, code, language), () => { loading = null; });
}
