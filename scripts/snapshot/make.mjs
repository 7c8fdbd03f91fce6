// Makes the snapshot of a folder with a Pyodide, its packages and its lock file, which is named on the command line, and
// prints the snapshot's name. js/runtime/boot/snapshot.js says what is in it, and reads it.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { createWithLibraries, functionThatWaits } from "../../js/runtime/boot/snapshot.js";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2]);
const PACKAGES = ["runt-pyodide", "ipython"];
// Memory is compared in pieces of so many bytes.
const PIECE = 64;

const load = async (/** @type {string} */ name) =>
  import(pathToFileURL(resolve(folder, name)).href);
const { loadPyodide } = await load("pyodide.mjs");
const { default: create } = await load("pyodide.asm.mjs");
const PROGRAM = "./this.program"; // as Emscripten calls it in a browser
process.argv.splice(1, Infinity, PROGRAM);
const options = { indexURL: `${folder}/`, env: { _: PROGRAM } };

const { libraries, modules } = await findContents();
const images = await seeBeforeStart();
const { layout, parts } = await makeSnapshot();
const header = Buffer.from(JSON.stringify(layout));
const length = Buffer.alloc(4);
length.writeUInt32LE(header.length);
const plain = Buffer.concat([length, header, ...parts]);
const packed = gzipSync(plain, { level: 9 });
const hash = createHash("sha256").update(packed).digest("hex");
const name = `snapshot-${hash.slice(0, 16)}.bin`;
writeFileSync(resolve(folder, name), packed);
process.stdout.write(`${name}\n`);
process.exit(); // Python's event loop would keep the process alive

/** The compiled code of the packages, and the modules that a page imports at first. */
async function findContents() {
  const pyodide = await loadPyodide(options);
  await pyodide.loadPackage(PACKAGES, { messageCallback() {} });
  pyodide.runPython(readFileSync(resolve(here, "contents.py"), "utf-8"));
  pyodide.runPython(readFileSync(resolve(here, "../bytecode/boot.py"), "utf-8"));
  const paths = pyodide.runPython("libraries()").toJs();
  await pyodide.runPythonAsync("await modules_of_a_boot()");
  return {
    libraries: paths.map((path) => ({ path, bytes: pyodide.FS.readFile(path) })),
    modules: pyodide.runPython("import sys; list(sys.modules)").toJs(),
  };
}

/** The memory before any code has run, and when Python is about to start. */
async function seeBeforeStart() {
  /** @type {{ heap: number, bytes: Uint8Array }[]} */
  const seen = [];
  const look = (module) => void seen.push({ heap: heapOf(module), bytes: module.HEAPU8.slice() });
  const enough = new Error("seen");
  const createPyodideModule = async (settings) => {
    look(await createWithLibraries(create, settings, Promise.resolve({ libraries }), look));
    throw enough;
  };
  const loading = loadPyodide({ ...options, _loadSnapshot: new Uint8Array(), createPyodideModule });
  await loading.catch((error) => {
    if (error !== enough) throw error;
  });
  return seen;
}

/** The end of what the WebAssembly files put into memory. */
function heapOf(module) {
  return module.HEAPU32[module._emscripten_get_sbrk_ptr() >>> 2];
}

async function makeSnapshot() {
  const createPyodideModule = (settings) =>
    createWithLibraries(create, settings, Promise.resolve({ libraries }));
  const pyodide = await loadPyodide({ ...options, _makeSnapshot: true, createPyodideModule });
  await pyodide.loadPackage(PACKAGES, { messageCallback() {} });
  const packages = { ...pyodide.loadedPackages };
  pyodide.runPython(readFileSync(resolve(here, "contents.py"), "utf-8"));
  pyodide.globals.set("names", pyodide.toPy(modules));
  const paths = pyodide.runPython("prepare(names)").toJs();
  const files = paths.map((path) => ({ path, bytes: pyodide.FS.readFile(path) }));
  for (const one of Object.keys(pyodide.loadedPackages)) delete pyodide.loadedPackages[one];
  const { _module: module, _api: api } = pyodide;
  const references = api.serializeHiwireState();
  const heap = module.HEAPU8;
  const blocks = changedBlocks(heap);
  const handles = Object.entries(module.LDSO.loadedLibsByHandle).map(([id, { name }]) => [
    id,
    name,
  ]);
  const layout = {
    build: api.config.BUILD_ID,
    memory: heap.length,
    heap: images[0].heap,
    table: module.wasmTable.length,
    waits: findWait(module),
    references,
    handles: Object.fromEntries(handles),
    packages,
    libraries: libraries.map(({ path, bytes }) => [path, bytes.length]),
    blocks,
    files: files.map(({ path, bytes }) => [path, bytes.length]),
  };
  const memory = blocks.map(([start, length]) => heap.subarray(start, start + length));
  const contents = (/** @type {File[]} */ some) => some.map(({ bytes }) => bytes);
  return { layout, parts: [...contents(libraries), ...memory, ...contents(files)] };
}

/**
 * Where Python's description of the function run_sync (PyMethodDef) has its code, as an index of HEAPU32.
 * @param {any} module
 */
function findWait(module) {
  const words = module.HEAPU32;
  const name = Buffer.from("run_sync\0");
  const isNamed = (/** @type {number} */ at) =>
    name.equals(module.HEAPU8.subarray(words[at - 1], words[at - 1] + name.length));
  const code = functionThatWaits(module);
  const places = [...words.keys()].filter((at) => words[at] === code && isNamed(at));
  if (places.length !== 1) throw new Error(`run_sync is at ${places.length} places`);
  return places[0];
}

/**
 * The parts of the memory that a new Pyodide does not have: in the static part, what is not as the WebAssembly files put it
 * there; above, what is not zero.
 * @param {Uint8Array} heap
 */
function changedBlocks(heap) {
  const blocks = [];
  let begin = -1;
  for (let at = 0; at <= heap.length; at += PIECE) {
    const changed = at < heap.length && isChanged(heap, at);
    if (changed && begin < 0) begin = at;
    if (!changed && begin >= 0) {
      blocks.push([begin, at - begin]);
      begin = -1;
    }
  }
  return blocks;
}

/** @param {Uint8Array} heap @param {number} at */
function isChanged(heap, at) {
  const [{ heap: end, bytes: before }, { bytes: begun }] = images;
  for (let each = at; each < at + PIECE; each += 1) {
    if (each < end ? heap[each] !== before[each] || heap[each] !== begun[each] : heap[each] !== 0) {
      return true;
    }
  }
  return false;
}
