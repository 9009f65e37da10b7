// Draws a Vega or Vega-Lite chart, in a frame of its own: what a model wrote reaches the libraries there, and nothing else.
//
// Expressions are interpreted and never made code of, so that the frame's policy stays without `unsafe-eval`. A chart shows the
// data inside it: nothing is fetched.

import { dsvFormat } from "d3-dsv";
import { formats, loader, logger, parse, type Spec, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import { colours } from "./chartColours.ts";

declare module "vega" {
  /** Left out of its types. */
  function formats(name: string, reader: unknown): void;
}

/** In the page's language. `{address}` stands for what would have been fetched, `{mark}` for a mark that there is not. */
type Words = Readonly<Record<"refusal" | "tooLarge" | "nothingFetched" | "noObject" | "noMark", string>>;

/** What the chat page posts, once. */
interface Asked {
  code: string;
  language: string;
  dark: boolean;
  words: Words;
}

type JSONObject = Record<string, unknown>;

/** Characters. What is drawn in a blink; a model that writes more has gone astray. */
const LONGEST = 300_000;
const LONGEST_ADDRESS = 100;

function paragraph(name: "p" | "pre", text: string): HTMLElement {
  const words = document.createElement(name);
  words.textContent = text;
  return words;
}

// The library's own readers make code of the names of the columns.
for (const [name, delimiter] of [["csv", ","], ["tsv", "\t"], ["dsv", ","]] as const) {
  const read = (text: string, format?: { delimiter?: string }): JSONObject[] => {
    const [names = [], ...rows] = dsvFormat(format?.delimiter ?? delimiter).parseRows(text);
    return rows.map((row) => Object.fromEntries(names.map((column, index) => [column, row[index] ?? null])));
  };
  formats(name, Object.assign(read, { responseType: "text" }));
}

/** A loader that loads nothing but images that the chart itself holds, and hears what else it was asked for. */
function refusing(hear: (address: string) => void): ReturnType<typeof loader> {
  const refuse = async (address: unknown): Promise<never> => {
    hear(String(address));
    throw new Error(String(address));
  };
  const sanitize = async (address: string, { context }: { context?: string } = {}): Promise<{ href: string }> =>
    context === "image" && /^data:image\//i.test(address) ? { href: address } : refuse(address);
  return Object.assign(loader(), { load: refuse, http: refuse, file: refuse, sanitize });
}

/** As wide as the frame, where the chart does not say how wide it is and is one that can stretch. */
function stretched(spec: JSONObject): JSONObject {
  const encoding = (spec["encoding"] ?? {}) as JSONObject;
  const stands = ("mark" in spec || "layer" in spec) && !["row", "column", "facet"].some((channel) => channel in encoding);
  return stands && !("width" in spec) ? { ...spec, width: "container" } : spec;
}

function isLite(spec: JSONObject, language: string): boolean {
  const schema = String(spec["$schema"] ?? "");
  return schema.includes("/vega-lite/") || (language === "vega-lite" && !schema.includes("/vega/"));
}

const MARKS: ReadonlySet<unknown> = new Set([
  "arc", "area", "bar", "boxplot", "circle", "errorband", "errorbar", "geoshape", "image", "line", "point", "rect", "rule", "square", "text",
  "tick", "trail",
]);

/** The library trips over a mark that it does not know, without a word of which. */
function requireMarks(spec: JSONObject, words: Words): void {
  const { mark } = spec;
  const name = typeof mark === "object" ? (mark as JSONObject | null)?.["type"] : mark;
  if ("mark" in spec && !MARKS.has(name)) throw new Error(words.noMark.replace("{mark}", () => String(name)));
  for (const part of [spec["spec"], ...["layer", "concat", "hconcat", "vconcat"].flatMap((name) => spec[name] ?? [])]) {
    if (typeof part === "object" && part !== null) requireMarks(part as JSONObject, words);
  }
}

function compiled({ code, language, dark, words }: Asked, log: ReturnType<typeof logger>): ReturnType<typeof parse> {
  const spec = JSON.parse(code) as unknown;
  if (typeof spec !== "object" || spec === null) throw new Error(words.noObject);
  const written = spec as JSONObject;
  if (!isLite(written, language)) return parse(written as Spec, colours(dark), { ast: true });
  requireMarks(written, words);
  const lite = stretched(written) as unknown as TopLevelSpec;
  return parse(compile(lite, { config: colours(dark), logger: log }).spec, undefined, { ast: true });
}

async function draw(asked: Asked): Promise<void> {
  const { code, dark, words } = asked;
  document.documentElement.classList.toggle("dark", dark);
  if (code.length > LONGEST) return document.body.replaceChildren(paragraph("pre", words.tooLarge));
  const faults: string[] = [];
  const log = logger(1, "error", (_method, _level, said) => faults.push(said.map(String).join(" ")));
  const chart = document.createElement("div");
  chart.id = "chart";
  document.body.replaceChildren(chart);
  let note: HTMLElement | null = null;
  const hear = (address: string): void => {
    if (note !== null) return;
    note = paragraph("p", words.nothingFetched.replace("{address}", () => address.slice(0, LONGEST_ADDRESS)));
    document.body.prepend(note);
  };
  try {
    const made = compiled(asked, log);
    const view = new View(made, { expr: expressionInterpreter, loader: refusing(hear), logger: log, renderer: "svg", container: chart, hover: true });
    await view.runAsync();
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  if (faults.length > 0) document.body.replaceChildren(paragraph("pre", `${words.refusal}\n\n${faults[0]}`));
}

addEventListener("message", ({ source, data }) => {
  if (source === parent) void draw(data as Asked);
});
