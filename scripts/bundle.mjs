// Bundle web/main.jsx and its CSS into the folder named on the command line, and the examples of
// docs/examples/ that want a bundler into `examples/` beside it.
// The page imports this package's own modules (js/) as any other page would, from `../js/` beside the
// bundle: they find the worker and the wheel by their own address, and are not copied into the bundle.
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
      // What stands on LiveStore needs it beside it: the bundle has both.
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
  sourcemap: true,
  target: "es2022",
  // KaTeX names each font in three forms; every browser that runs this page takes the first.
  loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty" },
  legalComments: "linked",
  logLevel: "warning",
};

await build({
  ...shared,
  entryPoints: [
    { in: "web/main.jsx", out: "main" },
    { in: "web/styles/katex.css", out: "katex" },
    // Workers are files of their own.
    { in: "web/storage/worker.js", out: "storage-worker" },
    { in: "@livestore/adapter-web/shared-worker", out: "storage-shared-worker" },
  ],
  format: "esm",
  splitting: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  plugins: [ownModules],
});

// A service worker is for what lies below it: it stands at the root of the site.
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
  sourcemap: false,
  external: ["runt-pyodide", "runt-pyodide/notebook"],
  alias: {
    "runt-pyodide/livestore": resolve(modules, "livestore.js"),
    "runt-pyodide/livestore-schema": resolve(modules, "livestore-schema.js"),
  },
});

// LiveStore's SQLite finds this beside itself.
const sqlite = "@livestore/wa-sqlite/dist/wa-sqlite.wasm";
for (const folder of [outdir, examples]) {
  await copyFile(resolve(root, "node_modules", sqlite), resolve(folder, basename(sqlite)));
}

// A classic script too, which browsers run that know no modules.
await build({
  ...shared,
  entryPoints: ["web/boot/browser-check.js"],
  target: "es2015",
  sourcemap: false,
});

// What runs in frame.html: classic scripts, since that frame has no origin to fetch modules from. The
// libraries for charts are big and have no use for a source map.
await build({ ...shared, entryPoints: { frame: "web/sandbox/main.js" }, format: "iife" });
await build({ ...shared, entryPoints: { frame: "web/styles/frame.css" } });
for (const name of ["plotly", "vega"]) {
  await build({
    ...shared,
    entryPoints: { [name]: `web/sandbox/${name}.js` },
    format: "iife",
    globalName: `chart_${name}`,
    sourcemap: false,
  });
}
