// What the package's modules load.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

/** All that a module of js/ imports, directly or not. @param {string} name @returns {Promise<Set<string>>} */
async function importsOf(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  if (!name.startsWith("./")) return seen;
  const source = await readFile(new URL(`../../js/${name}`, import.meta.url), "utf8");
  for (const [, imported] of source.matchAll(/(?:\bfrom|\bimport\()\s*"([^"]+)"/g)) {
    await importsOf(imported, seen);
  }
  return seen;
}

test("who does without LiveStore loads nothing of it, and no other package", async () => {
  const imported = [...(await importsOf("./index.js")), ...(await importsOf("./worker.js"))];
  assert.ok(imported.includes("./runtime.js"));
  assert.deepEqual(
    imported.filter((name) => !name.startsWith("./") || name.includes("livestore")),
    [],
  );
  assert.ok((await importsOf("./livestore.js")).has("@livestore/livestore"));
});
