import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

import { loadPython } from "../../../../js/runtime/boot/python.js";
import { readSnapshot } from "../../../../js/runtime/boot/snapshot.js";

const LAYOUT = {
  build: "this one",
  libraries: [["/a.so", 2]],
  blocks: [[64, 3]],
  files: [
    ["/b.py", 1],
    ["/c.py", 0],
  ],
};

/** A snapshot as a site has it. @param {object} layout @param {number[]} contents */
function pack(layout, contents) {
  const header = Buffer.from(JSON.stringify(layout));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return gzipSync(Buffer.concat([length, header, Buffer.from(contents)]));
}

test("a snapshot is read as its header lists it", async () => {
  const read = await readSnapshot(new Response(pack(LAYOUT, [1, 2, 3, 4, 5, 6])));
  const plain = (/** @type {any[]} */ files) => files.map(({ path, bytes }) => [path, ...bytes]);
  assert.deepEqual(plain(read.libraries), [["/a.so", 1, 2]]);
  assert.deepEqual(
    read.blocks.map((one) => [...one]),
    [[3, 4, 5]],
  );
  assert.deepEqual(plain(read.files), [["/b.py", 6], ["/c.py"]]);
  assert.equal(read.layout.build, "this one");
});

// A Pyodide that says how it was loaded. Its module places no libraries, and knows another build.
const PYODIDE = `
  export async function loadPyodide({ createPyodideModule, lockFileContents }) {
    if (!createPyodideModule) return "by itself";
    await createPyodideModule({ preRun: [], API: { config: { BUILD_ID: "another" } } });
  }`;
const MODULE = "export default async (settings) => settings;";

/**
 * Loads Python where the server has these files.
 * @param {Record<string, Response>} served
 * @param {string[]} packages
 */
async function load(served, packages = ["runt-pyodide"]) {
  const folder = await mkdtemp(join(tmpdir(), "pyodide-"));
  await writeFile(join(folder, "pyodide.mjs"), PYODIDE);
  await writeFile(join(folder, "pyodide.asm.mjs"), MODULE);
  const { fetch } = globalThis;
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = async (url) => {
    const name = String(url).split("/").at(-1) ?? "";
    asked.push(name);
    return served[name] ?? new Response(null, { status: 404 });
  };
  /** @type {string[]} */
  const logged = [];
  try {
    const pyodideURL = `${pathToFileURL(folder).href}/`;
    const loaded = await loadPython({ pyodideURL, packages }, (_, text) => void logged.push(text));
    return { loaded, logged, asked };
  } finally {
    globalThis.fetch = fetch;
    await rm(folder, { recursive: true });
  }
}

const lock = (snapshot = {}) =>
  new Response(JSON.stringify({ packages: {}, snapshot: { holds: "runt-pyodide", ...snapshot } }));

for (const [what, served] of /** @type {[string, () => Record<string, Response>][]} */ ([
  ["is not there", () => ({})],
  ["is cut off", () => ({ "s.bin": new Response(pack(LAYOUT, [1, 2]).subarray(0, 30)) })],
  ["is no snapshot", () => ({ "s.bin": new Response("<!doctype html>") })],
  ["is another Pyodide's", () => ({ "s.bin": new Response(pack(LAYOUT, [1, 2, 3, 4, 5, 6])) })],
])) {
  test(`Python starts by itself, and says so, if its snapshot ${what}`, async () => {
    const files = { "pyodide-lock.json": lock({ file: "s.bin" }), ...served() };
    const { loaded, logged, asked } = await load(files);
    assert.equal(loaded, "by itself");
    assert.equal(logged.length, 1);
    assert.match(logged[0], /^Python starts without its snapshot, which takes longer: ./);
    assert.deepEqual(asked, ["pyodide-lock.json", "s.bin"]);
  });
}

test("Python starts by itself, and says nothing, if there is no snapshot for these packages", async () => {
  for (const [lockFile, packages] of /** @type {[Response | undefined, string[]][]} */ ([
    [undefined, ["runt-pyodide"]],
    [new Response("{"), ["runt-pyodide"]],
    [new Response('{"packages": {}}'), ["runt-pyodide"]],
    [lock({ file: "s.bin" }), ["https://example.org/runt_pyodide-2-py3-none-any.whl"]],
  ])) {
    const served = lockFile ? { "pyodide-lock.json": lockFile } : {};
    const { loaded, logged, asked } = await load(/** @type {any} */ (served), packages);
    assert.equal(loaded, "by itself");
    assert.deepEqual(logged, []);
    assert.deepEqual(asked, ["pyodide-lock.json"]);
  }
});
