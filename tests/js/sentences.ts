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

/** The value of a string as it is written in a program; ours. */
function evaluated(literal: string): string {
  return new Function(`return ${literal}`)() as string;
}

// A slash begins a pattern where a value may begin.
const BEFORE_PATTERN = /(?:^|[=(,:[!&|?{};>]|return ?)$/;

/** Goes through a program once and keeps its strings, with those within the values of templates. */
class Reader {
  readonly found: Literal[] = [];
  readonly #code: string;
  #at = 0;

  constructor(code: string) {
    this.#code = code;
  }

  /** To the brace that closes, or to the end. */
  read(end: string | null): void {
    for (let depth = 0; this.#at < this.#code.length;) {
      const one = this.#code[this.#at] ?? "";
      if (one === end && depth === 0) break;
      if (one === "{") depth += 1;
      if (one === "}") depth -= 1;
      if (one === '"' || one === "'") this.#string(one);
      else if (one === "`") this.#template();
      else if (this.#code.startsWith("//", this.#at)) this.#skipTo("\n");
      else if (this.#code.startsWith("/*", this.#at)) this.#skipTo("*/");
      else if (one === "/" && BEFORE_PATTERN.test(this.#before(this.#at))) this.#pattern();
      else this.#at += 1;
    }
    this.#at += 1;
  }

  #before(end: number): string {
    return this.#code.slice(Math.max(0, end - 60), end).replaceAll(/\s+/g, " ").replaceAll(/ ?([^\w ]) ?/g, "$1");
  }

  #skipTo(mark: string): void {
    const end = this.#code.indexOf(mark, this.#at);
    this.#at = end < 0 ? this.#code.length : end + mark.length;
  }

  #string(quote: string): void {
    const start = this.#at;
    for (this.#at += 1; this.#at < this.#code.length && this.#code[this.#at] !== quote;) this.#at += this.#code[this.#at] === "\\" ? 2 : 1;
    this.#at += 1;
    this.found.push({ value: evaluated(this.#code.slice(start, this.#at)), before: this.#before(start), template: false });
  }

  #template(): void {
    const start = this.#at;
    let text = "";
    for (this.#at += 1; this.#at < this.#code.length && this.#code[this.#at] !== "`";) {
      if (this.#code.startsWith("${", this.#at)) {
        this.#at += 2;
        this.read("}");
        text += PLACE;
      } else {
        const length = this.#code[this.#at] === "\\" ? 2 : 1;
        text += this.#code.slice(this.#at, this.#at + length);
        this.#at += length;
      }
    }
    this.#at += 1;
    this.found.push({ value: text, before: this.#before(start), template: true });
  }

  #pattern(): void {
    let inClass = false;
    for (this.#at += 1; this.#at < this.#code.length && (this.#code[this.#at] !== "/" || inClass); this.#at += 1) {
      const one = this.#code[this.#at];
      if (one === "\\") this.#at += 1;
      else if (one === "[") inClass = true;
      else if (one === "]") inClass = false;
    }
    this.#at += 1;
  }
}

function literalsOf(code: string): readonly Literal[] {
  const reader = new Reader(code);
  reader.read(null);
  return reader.found;
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
  "Ctrl+Enter", "End", "Enter", "Esc", "Escape", "Files", "Home", "Notification", "PageDown", "PageUp", "Shift", "Tab", "X-CSRFToken", "X-Person", "KB", "MB", "GB",
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

/** The sentences of the errors that the server may send: one for each code, and those that stand in for it where more is known. */
export function sentencesOfErrors(): ReadonlySet<string> {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  const found = [...page.matchAll(/^\| `\w+` \|.*\| ([^|]+) \|$/gm), ...page.matchAll(/^- `\w+`: (.+)$/gm)];
  return new Set(found.map((match) => (match[1] ?? "").trim()));
}

type Forms = string | Readonly<Record<string, string>>;

/** The catalogues by their languages. */
export function catalogues(): ReadonlyMap<string, Readonly<Record<string, Forms>>> {
  const folder = new URL("../../static/src/languages/", import.meta.url);
  return new Map(readdirSync(folder).map((file) => [
    file.replace(/\.json$/, ""), JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, Forms>,
  ]));
}
