// What the page says to people, found in its sources: in the JavaScript that esbuild makes of them, where JSX is calls, its
// texts are strings, and comments are gone.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { transformSync } from "../../static/node_modules/esbuild/lib/main.js";

const SOURCES = new URL("../../static/src/", import.meta.url).pathname;

interface Literal {
  value: string;
  /** The code before it, without spaces. */
  before: string;
  template: boolean;
}

/** The places of a template's values, as they stand in the sentences that are found. */
const PLACE = "\u0000";

function readString(code: string, from: number): number {
  let at = from + 1;
  while (at < code.length && code[at] !== code[from]) at += code[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** The value of a string as it is written in a program; ours. */
function evaluated(literal: string): string {
  return new Function(`return ${literal}`)() as string;
}

// A slash begins a pattern where a value may begin.
const BEFORE_PATTERN = /(?:^|[=(,:[!&|?{};>]|return ?)$/;

/** The strings of a program, with those within the values of templates. */
function literalsOf(code: string): Literal[] {
  const found: Literal[] = [];
  let at = 0;
  const past = (mark: string, from: number): number => {
    const end = code.indexOf(mark, from);
    return end < 0 ? code.length : end + mark.length;
  };
  const before = (end: number): string => code.slice(Math.max(0, end - 60), end).replaceAll(/\s+/g, " ").replaceAll(/ ?([^\w ]) ?/g, "$1");

  function template(start: number): void {
    let text = "";
    at = start + 1;
    while (at < code.length && code[at] !== "`") {
      if (code.startsWith("${", at)) {
        at += 2;
        walk("}");
        text += PLACE;
      } else {
        const length = code[at] === "\\" ? 2 : 1;
        text += code.slice(at, at + length);
        at += length;
      }
    }
    at += 1;
    found.push({ value: text, before: before(start), template: true });
  }

  function walk(end: string | null): void {
    let depth = 0;
    while (at < code.length) {
      const one = code[at] ?? "";
      if (one === end && depth === 0) {
        at += 1;
        return;
      }
      if (one === "{") depth += 1;
      if (one === "}") depth -= 1;
      if (one === '"' || one === "'") {
        const next = readString(code, at);
        found.push({ value: evaluated(code.slice(at, next)), before: before(at), template: false });
        at = next;
      } else if (one === "`") template(at);
      else if (code.startsWith("//", at)) at = past("\n", at);
      else if (code.startsWith("/*", at)) at = past("*/", at);
      else if (one === "/" && BEFORE_PATTERN.test(before(at))) {
        let inClass = false;
        for (at += 1; at < code.length && (code[at] !== "/" || inClass); at += 1) {
          if (code[at] === "\\") at += 1;
          else if (code[at] === "[") inClass = true;
          else if (code[at] === "]") inClass = false;
        }
        at += 1;
      } else at += 1;
    }
  }
  walk(null);
  return found;
}

const SAID = /(?:^|[^\w.])t\($/;

/** Attributes and properties that people see or hear, whatever stands in them. */
const SHOWN = /(?:children|"aria-label"|title|placeholder|alt|label|about):$/;
const WORD = /\p{L}{2}/u;

/** A capital letter and more than a word, or a word of small letters behind it. */
const SENTENCE = /^[A-Z“][\p{L}'’-]*[\p{Ll}…]|\p{L} \p{L}+ \p{L}.*[.…!?]$/u;

/** Words behind a value: "… has left". */
const AROUND = new RegExp(`^[${PLACE}\\p{L} ,.;…'’“”!?-]*${PLACE} (?!min )\\p{Ll}{3,}`, "u");

/** What looks like a sentence and is none: names of keys, of the product, of programs' own words. */
const OTHERS = new Set([
  "Accept", "Alt", "ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "Backspace", "Chat Studio", "Content-Disposition", "Content-Type", "Ctrl",
  "Ctrl+Enter", "End", "Enter", "Esc", "Escape", "Files", "Home", "Notification", "PageDown", "PageUp", "Shift", "Tab", "X-CSRFToken", "KB", "MB", "GB",
]);
const OTHER = [/^[.#[]|^\[role/, /^[A-Z]$/, /^A[A-Za-z]{20}/, /^M[\d. ]/, /^[A-Z]+$/];

// What an administrator gets to read, who finds it in logs.
const REPORT = /^(?:Code|Trace id|Time): \u0000$|^\u0000 \(Ctrl\+Enter\)$/;

function isForPeople({ value, before, template }: Literal): boolean {
  if (OTHERS.has(value) || OTHER.some((pattern) => pattern.test(value)) || REPORT.test(value)) return false;
  if (/(?:className|class|type|key|id|d|points|from|import\(?|case|import\.meta|new URL\(|querySelector(?:All)?(?:<\w+>)?\(|closest\(|matches\(|===|!==|\.test\(|accept):?$/.test(before)) return false;
  const plain = value.replaceAll(PLACE, "");
  if (!WORD.test(plain)) return false;
  return (SHOWN.test(before) && !template) || SENTENCE.test(value.replaceAll(PLACE, "0")) || (template && AROUND.test(value));
}

export interface Sentences {
  /** What goes through `t`, which is the keys of the catalogues. */
  keys: ReadonlySet<string>;
  /** What does not, and should. */
  bare: readonly string[];
}

export function sentencesIn(source: string, name: string): Sentences {
  const loader = name.endsWith(".tsx") ? "tsx" : "ts";
  const { code } = transformSync(source, { loader, jsx: "automatic", jsxImportSource: "preact", target: "es2023", charset: "utf8" });
  const literals = literalsOf(code);
  return {
    keys: new Set(literals.filter(({ before, template }) => SAID.test(before) && !template).map(({ value }) => value)),
    bare: literals.filter((one) => !SAID.test(one.before) && isForPeople(one)).map(({ value }) => `${name}: ${value.replaceAll(PLACE, "…")}`),
  };
}

/** Of the whole page. */
export function sentencesOfThePage(): Sentences {
  const keys = new Set<string>();
  const bare: string[] = [];
  for (const name of readdirSync(SOURCES, { recursive: true }).map(String).filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"))) {
    const found = sentencesIn(readFileSync(join(SOURCES, name), "utf8"), name);
    found.keys.forEach((key) => keys.add(key));
    bare.push(...found.bare);
  }
  return { keys, bare };
}

/** The sentences of the errors that the server may send. */
export function sentencesOfErrors(): ReadonlySet<string> {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  return new Set([...page.matchAll(/^\| `\w+` \|.*\| ([^|]+) \|$/gm)].map((match) => (match[1] ?? "").trim()));
}

type Forms = string | Readonly<Record<string, string>>;

/** The catalogues by their languages. */
export function catalogues(): ReadonlyMap<string, Readonly<Record<string, Forms>>> {
  const folder = new URL("../../static/src/languages/", import.meta.url);
  return new Map(readdirSync(folder).map((file) => [
    file.replace(/\.json$/, ""), JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, Forms>,
  ]));
}
