// The one place where text becomes elements. What a model says is hostile input, and raw HTML is text by the time that it
// comes here (core/dialect.ts); this is the wall behind that one.

import DOMPurify from "dompurify";

const TAGS = [
  "a", "b", "blockquote", "br", "code", "del", "div", "em", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "mark", "ol",
  "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
  "var",
];
// No class, id, name or style: the text must not dress up as a part of the page, nor shadow a name of the document.
const PLAIN = ["align", "data-code", "data-maths", "start", "title"];
const ADDRESS = /^(?:https?:\/\/|mailto:)/i;


DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  if (!node.hasAttribute("href")) return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
});

/** HTML text as nodes that run nothing, load nothing and name nothing. */
export function sanitise(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", ...PLAIN],
    ADD_URI_SAFE_ATTR: PLAIN,
    ALLOWED_URI_REGEXP: ADDRESS,
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
