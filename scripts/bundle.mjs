// Bundles web/main.jsx and its CSS into the folder named on the command line, and the examples of
// docs/examples/ that need a bundler into `examples/` beside it.
// The package's own modules (js/) are not bundled: the page imports them from `../js/`, as any other page
// would, since they find the worker and the wheel by their own address.
import { copyFile } from "node:fs/promises";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = resolve(root, "js");

/** @type {import("esbuild").Plugin} */
const ownModules = {
  name: "own-modules",
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const target = resolve(resolveDir, path);
      if (!target.startsWith(modules + sep)) return undefined;
      // The modules that use LiveStore are bundled with it.
      if (basename(target).startsWith("livestore")) return undefined;
      const place = relative(modules, target).split(sep).join("/");
      return { path: `../${basename(modules)}/${place}`, external: true };
    });
  },
};

const outdir = resolve(process.argv[2]);
/** @type {import("esbuild").BuildOptions} */
const shared = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  minify: true,
  target: "es2022",
  // KaTeX has each font in three formats; every browser that can run this page uses the first.
  loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty" },
  legalComments: "linked",
  logLevel: "warning",
};

await build({
  ...shared,
  entryPoints: [
    { in: "web/main.jsx", out: "main" },
    { in: "web/boot/sign-in.js", out: "sign-in" },
    { in: "web/styles/katex.css", out: "katex" },
    // Workers are separate files.
    { in: "web/storage/earlier/worker.js", out: "earlier-worker" },
    { in: "web/storage/compaction/worker.js", out: "compaction-worker" },
    { in: "web/render/apart/worker.js", out: "render-worker" },
  ],
  format: "esm",
  splitting: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  plugins: [ownModules],
});

// A service worker controls the pages in and below its own folder, so it is at the root of the site.
await build({
  ...shared,
  outdir: dirname(outdir),
  entryPoints: { "service-worker": "web/service-worker.js" },
});

const examples = resolve(dirname(outdir), "examples");
await build({
  ...shared,
  outdir: examples,
  entryPoints: ["docs/examples/livestore.js"],
  format: "esm",
  external: ["runt-pyodide", "runt-pyodide/notebook"],
  alias: {
    "runt-pyodide/livestore": resolve(modules, "livestore.js"),
    "runt-pyodide/livestore-schema": resolve(modules, "livestore-schema.js"),
  },
});

// SQLite looks for this beside its own module.
const sqlite = "@livestore/wa-sqlite/dist/wa-sqlite.wasm";
for (const folder of [outdir, examples]) {
  await copyFile(resolve(root, "node_modules", sqlite), resolve(folder, basename(sqlite)));
}

// A classic script, which even browsers without modules can run.
await build({
  ...shared,
  entryPoints: ["web/boot/browser-check.js"],
  target: "es2015",
});

// The code that runs in frame.html: classic scripts, since that frame has no origin to fetch modules from.
await build({ ...shared, entryPoints: { frame: "web/sandbox/main.js" }, format: "iife" });
await build({ ...shared, entryPoints: { frame: "web/styles/frame.css" } });
for (const name of ["plotly", "vega"]) {
  await build({
    ...shared,
    entryPoints: { [name]: `web/sandbox/${name}.js` },
    format: "iife",
    globalName: `chart_${name}`,
  });
}
