import { build } from "esbuild";

await build({
  // esbuild does not find workers: worker.js has to be built too, into the same folder.
  entryPoints: ["main.js", { in: "runt-pyodide/worker.js", out: "worker" }],
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  define: { PYTHON: JSON.stringify(process.env.PYTHON) },
});
