// Code and tables on their way out of the page.

const EXTENSIONS: Readonly<Record<string, string>> = {
  bash: "sh", c: "c", "c++": "cpp", cpp: "cpp", csharp: "cs", "c#": "cs", css: "css", csv: "csv", diff: "diff", go: "go", html: "html",
  java: "java", javascript: "js", js: "js", json: "json", jsx: "jsx", kotlin: "kt", markdown: "md", md: "md", php: "php", python: "py",
  py: "py", ruby: "rb", rust: "rs", sh: "sh", shell: "sh", sql: "sql", svg: "svg", swift: "swift", toml: "toml", ts: "ts", tsx: "tsx",
  typescript: "ts", vega: "json", "vega-lite": "json", xml: "xml", yaml: "yaml", yml: "yml",
};

/** A name for a block of code: nothing of what a model wrote is in it. */
export function fileNameOf(language: string): string {
  const name = language.toLowerCase();
  return `code.${(Object.hasOwn(EXTENSIONS, name) ? EXTENSIONS[name] : undefined) ?? "txt"}`;
}

// A spreadsheet takes these for formulas, and a model may have been talked into one.
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?[\d.,\s]+%?$/;

function cell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180: comma between, quoted where it must be, CRLF after each row. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map((text) => cell(text.trim())).join(",")}\r\n`).join("");
}
