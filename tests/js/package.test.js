// What the package's modules load, and what the packed package gives.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** @param {string} name of a module of js/ @param {string} imported relative to it */
function beside(name, imported) {
  return `./${posix.join(posix.dirname(name), imported)}`;
}

/** All that a module of js/ imports, directly or not. @param {string} name @returns {Promise<Set<string>>} */
async function importsOf(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  if (!name.startsWith("./")) return seen;
  const source = await readFile(new URL(`../../js/${name}`, import.meta.url), "utf8");
  for (const [, imported] of source.matchAll(/(?:\bfrom|\bimport\()\s*"([^"]+)"/g)) {
    await importsOf(imported.startsWith(".") ? beside(name, imported) : imported, seen);
  }
  return seen;
}

test("who does without LiveStore loads nothing of it, and no other package", async () => {
  const imported = [...(await importsOf("./index.js")), ...(await importsOf("./worker.js"))];
  assert.ok(imported.includes("./runtime/runtime.js"));
  assert.deepEqual(
    imported.filter((name) => !name.startsWith("./") || name.includes("livestore")),
    [],
  );
  assert.ok((await importsOf("./livestore.js")).has("@livestore/livestore"));
});

test("the packed package exports what its types declare", { timeout: 120_000 }, async () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  // Inside the repository, so that the optional peer is found where a consumer would have it.
  await mkdir(join(root, "build"), { recursive: true });
  const consumer = await mkdtemp(join(root, "build/npm-consumer-"));
  try {
    const installed = join(consumer, "node_modules/runt-pyodide");
    await mkdir(installed, { recursive: true });
    const packed = await run("npm", ["pack", join(root, "js"), "--json"], { cwd: consumer });
    const [{ filename }] = JSON.parse(packed.stdout);
    await run("tar", ["-xzf", filename, "--strip-components=1", "-C", installed], {
      cwd: consumer,
    });
    await writeFile(join(consumer, "package.json"), '{"type": "module"}\n');

    const { exports } = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
    const typed = Object.keys(exports).filter((path) => exports[path].types);
    const specifiers = typed.map((path) => path.replace(".", "runt-pyodide"));
    assert.deepEqual(specifiers, [
      "runt-pyodide",
      "runt-pyodide/notebook",
      "runt-pyodide/livestore",
      "runt-pyodide/livestore-schema",
    ]);
    await writeFile(
      join(consumer, "names.js"),
      `const names = [];
for (const name of ${JSON.stringify(specifiers)}) names.push(Object.keys(await import(name)));
console.log(JSON.stringify(names));`,
    );
    const { stdout } = await run("node", ["names.js"], { cwd: consumer });
    /** @type {string[][]} */
    const names = JSON.parse(stdout);
    assert.ok(names[0].includes("startRuntime") && names[1].includes("openNotebook"));

    // The record refuses a name that only the types have, the list one that only the module has.
    const declared = specifiers.map((specifier, index) => {
      const exported = Object.fromEntries(names[index].map((name) => [name, true]));
      return `type Names${index} = keyof typeof import("${specifier}");
export const all${index}: Record<Names${index}, true> = ${JSON.stringify(exported)};
export const only${index}: Names${index}[] = ${JSON.stringify(names[index])};`;
    });
    await writeFile(join(consumer, "consumer.ts"), declared.join("\n"));
    const tsc = join(root, "node_modules/.bin/tsc");
    for (const [module, resolution] of [
      ["esnext", "bundler"],
      ["nodenext", "nodenext"],
    ]) {
      const flags = [
        "--ignoreConfig",
        "--strict",
        "--noEmit",
        "--skipLibCheck",
        "--target",
        "es2022",
      ];
      await run(
        tsc,
        [...flags, "--module", module, "--moduleResolution", resolution, "consumer.ts"],
        { cwd: consumer },
      ).catch(({ stdout: complaints }) => assert.fail(`${resolution}: ${complaints}`));
    }
  } finally {
    await rm(consumer, { recursive: true });
  }
});
