// Bundle web/main.jsx and its CSS into the folder named on the command line.
// The page imports this package's own modules (js/) as any other page would, from `../js/` beside the
// bundle: they find the worker and the wheel by their own address, and are not copied into the bundle.
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
      const place = relative(modules, target).split(sep).join("/");
      return { path: `../${basename(modules)}/${place}`, external: true };
    });
  },
};

await build({
  absWorkingDir: root,
  entryPoints: ["web/main.jsx"],
  outdir: resolve(process.argv[2]),
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  sourcemap: true,
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  legalComments: "linked",
  plugins: [ownModules],
  logLevel: "warning",
});
