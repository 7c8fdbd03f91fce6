// Bundle the contract for a page, as scripts/bundle.mjs does the page's own modules, and print it.
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: [pathOf("main.js")],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  alias: {
    "node:test": pathOf("test-runner.js"),
    "node:assert/strict": pathOf("assert.js"),
  },
  logLevel: "warning",
});
process.stdout.write(outputFiles[0].text);

/** @param {string} name of a file beside this one */
function pathOf(name) {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}
