// Writes a part of a library as a module of the package, which loads no other: what js/ imports is served as it is.

import { readFile } from "node:fs/promises";

import { build } from "esbuild";

/** @returns {Promise<string>} the code of a module that exports diffIndices of node-diff3 */
export async function buildDiff3() {
  const { outputFiles } = await build({
    stdin: {
      contents: 'export { diffIndices } from "node-diff3";',
      resolveDir: import.meta.dirname,
    },
    ...{ bundle: true, format: "esm", minify: true, target: "es2022", write: false },
  });
  const home = new URL("../../node_modules/node-diff3/", import.meta.url);
  const { version } = JSON.parse(await readFile(new URL("package.json", home), "utf8"));
  const license = (await readFile(new URL("LICENSE.md", home), "utf8")).trimEnd();
  const head = `Written by \`make schema\` from node-diff3 ${version}, under this license:\n\n${license}`;
  const comment = head
    .split("\n")
    .map((line) => `// ${line}`.trimEnd())
    .join("\n");
  return `${comment}\n// @ts-nocheck\n${outputFiles[0].text}`;
}
