// Builds the page into dist/: hashed scripts and styles, their manifest, and tokens.css under its plain name for the admin.
//
//     node build.mjs            once
//     node build.mjs --watch    again at every change

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { gzipAsync } from "@gfx/zopfli";
import * as esbuild from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const LONGEST_LOOK = 200_000; // bytes
const watching = process.argv.includes("--watch");

const shared = {
  absWorkingDir: root,
  bundle: true,
  outdir: "dist",
  entryNames: "[name]-[hash]",
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  loader: { ".woff2": "file" },
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  minify: !watching,
  sourcemap: watching ? "linked" : false,
  target: ["chrome123", "firefox128", "safari17.5"],
};

// KaTeX lists each font in three formats; every browser that can run this page reads the first.
const onlyWoff2 = {
  name: "only-woff2",
  setup(build) {
    build.onLoad({ filter: /katex(\.min)?\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      return { contents: css.replaceAll(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/g, ""), loader: "css" };
    });
  },
};

const styles = { ...shared, entryPoints: ["css/chat.css", "css/pages.css", "css/reading.css", "css/maths.css"], plugins: [onlyWoff2] };

// The maths style sheet is loaded by the script that needs it, so its hashed name is built in.
const scripts = (stylesheet) => ({
  ...shared,
  entryPoints: ["src/main.tsx"],
  format: "esm",
  splitting: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { MATHS_STYLESHEET: JSON.stringify(stylesheet) },
});

// The pages to read on are apart: what they share with the chat must not split its files.
const reading = (stylesheet) => ({ ...scripts(stylesheet), entryPoints: ["src/reading.ts"] });

// Runs before the first paint, so it is not a module: a module would be deferred.
const early = { ...shared, entryPoints: ["src/theme-early.ts"], format: "iife" };

// Of the pages around the chat, which work without.
const settings = { ...shared, entryPoints: ["src/settings.ts", "src/schedule.ts"], format: "esm" };

// They draw in frames that no module reaches: the origin of each is nobody's, and modules would be fetched across origins.
const drawn = { ...shared, entryPoints: ["src/diagram.ts", "src/chart.ts"], format: "iife" };

const asGlobal = {
  name: "as-global",
  setup(build) {
    build.onLoad({ filter: /languages\/[^/]+\.json$/ }, async ({ path }) => ({ contents: `globalThis.catalogue = ${await readFile(path, "utf8")}` }));
  },
};

// A catalogue is a plain script that makes a global: it is there before the page's own modules run.
async function languages() {
  const catalogues = (await readdir(join(root, "src/languages"))).map((file) => `src/languages/${file}`);
  return { ...shared, entryPoints: catalogues, format: "iife", charset: "utf8", plugins: [asGlobal] };
}

function named(...metafiles) {
  const manifest = {};
  for (const { outputs } of metafiles) {
    for (const [path, output] of Object.entries(outputs)) {
      if (!output.entryPoint) continue;
      const extension = path.endsWith(".css") ? ".css" : ".js";
      manifest[basename(output.entryPoint).replace(/\.(tsx?|css|json)$/, "") + extension] = path.replace(/^dist\//, "");
    }
  }
  return manifest;
}

// The server sends FILE.gz to whoever takes it: a third of the bytes. Only what has a hash in its name, and so can't go stale.
// Zopfli looks longer for the same format, and finds 4 % that zlib does not; the largest, which few ever load, would take it minutes.
async function compress() {
  const files = await readdir(dist, { recursive: true });
  for (const file of files.filter((name) => /-[A-Z0-9]{8}\.(?:js|css)$/.test(name))) {
    const content = await readFile(join(dist, file));
    const packed = content.length <= LONGEST_LOOK ? await gzipAsync(content, { numiterations: 5 }) : gzipSync(content, { level: 9 });
    await writeFile(join(dist, `${file}.gz`), packed);
  }
}

async function build() {
  const css = await esbuild.build(styles);
  const maths = named(css.metafile)["maths.css"];
  const js = await esbuild.build(scripts(maths));
  const pages = await esbuild.build(reading(maths));
  const theme = await esbuild.build(early);
  const ownSettings = await esbuild.build(settings);
  const drawings = await esbuild.build(drawn);
  const words = await esbuild.build(await languages());
  await copyFile(join(root, "css/tokens.css"), join(dist, "tokens.css"));
  await copyFile(join(root, "favicon.svg"), join(dist, "favicon.svg"));
  if (!watching) await compress();
  const built = [css, js, pages, theme, ownSettings, drawings, words];
  const manifest = named(...built.map(({ metafile }) => metafile));
  // The manifest comes last: while it is there, everything that it names is there.
  await writeFile(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function watch() {
  const contexts = await Promise.all([
    esbuild.context({ ...styles, write: false, plugins: [...styles.plugins, rebuildAll] }),
    esbuild.context({ ...scripts(""), write: false, plugins: [rebuildAll] }),
  ]);
  await Promise.all(contexts.map((context) => context.watch()));
  console.log("watching static/src and static/css");
}

const rebuildAll = {
  name: "rebuild-all",
  setup(context) {
    context.onEnd(async ({ errors }) => {
      if (errors.length === 0) console.log("built", await build());
    });
  },
};

if (!watching) await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
if (watching) await watch();
else console.log(Object.values(await build()).join("\n"));
