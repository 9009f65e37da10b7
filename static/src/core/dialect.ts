// The Markdown that the page reads: GitHub's, with maths, and the HTML that it becomes.

import { Marked, type MarkedOptions, type RendererObject } from "marked";
import { maths } from "./maths.ts";

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

// The tags that a model may write itself, and what becomes of them. None keeps an attribute.
const KEPT_TAGS: ReadonlySet<string> = new Set([
  "b", "br", "del", "em", "hr", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "strong", "sub", "sup", "u", "var",
]);
// A fold whose content is Markdown falls apart into blocks: it is shown unfolded, under its summary.
const RENAMED: Readonly<Record<string, string>> = { details: "", summary: "b" };
const TAG = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9]*)\s*\/?>|[<>]/gi;

/** Raw HTML: a few plain tags count, everything else is text that is shown. */
function plainTags(html: string): string {
  return html.replaceAll(TAG, (found: string, slash?: string, name?: string) => {
    if (found.startsWith("<!--")) return "";
    const tag = name?.toLowerCase() ?? "";
    const kept = Object.hasOwn(RENAMED, tag) ? RENAMED[tag] : KEPT_TAGS.has(tag) ? tag : undefined;
    if (kept === undefined) return escapeHtml(found);
    return kept === "" ? "" : `<${slash ?? ""}${kept}>`;
  });
}

const renderer: RendererObject = {
  html({ text }) {
    return plainTags(text);
  },
  // Within <kbd>, <pre> and the like, marked takes text for HTML that somebody has escaped already. Nobody has.
  text(token) {
    return "escaped" in token && token.escaped === true ? plainTags(token.text) : false;
  },
  code({ text, lang }) {
    const language = /^[\w+#.-]{1,30}/.exec(lang ?? "")?.[0] ?? "";
    return `<pre data-code="${escapeHtml(language)}">${escapeHtml(text)}</pre>\n`;
  },
  // The page's own headings are h1 and h2.
  heading({ tokens, depth }) {
    const level = Math.min(6, depth + 2);
    return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
  },
  // A picture from elsewhere tells its server that, and when, this was read. It is shown as a link.
  image({ href, text }) {
    return `<a href="${escapeHtml(href)}">${escapeHtml(text || href)}</a>`;
  },
  checkbox({ checked }) {
    return checked ? "☑ " : "☐ ";
  },
};

export const options: MarkedOptions = new Marked({ gfm: true, extensions: maths, renderer }).defaults;
