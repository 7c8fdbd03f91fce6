// Starts Pyodide with the memory of one in which Python has started and has imported what a page needs at first. A site's
// snapshot is made by scripts/snapshot, and named in its lock file.
//
// Pyodide puts back a memory that holds no library (compiled code of a package), and objects of JavaScript by the names
// that lead to them. Here it gets libraries too: they are loaded before Python would start, at the place in memory and in
// the table of functions where they were when the snapshot was made, and whatever they write then is written over. What
// an engine decides for itself is kept: the pointer by which Python calls functions, and the time zone. Memory that no
// code has written to is as the WebAssembly files have it, and is not part of a snapshot. Files are not in the memory:
// those of packages are brought along, without the modules that are imported, and are not copied.
//
// A snapshot is compressed by gzip: the length of a header in four bytes, the header, and what it lists.

/**
 * @typedef {object} Layout the header of a snapshot
 * @property {string} build of the Pyodide that it was made with
 * @property {number} memory bytes
 * @property {number} heap where what is not static begins
 * @property {number} table entries in the table of functions
 * @property {number} waits where Python has the function that waits for a promise, as an index of HEAPU32
 * @property {any} references the names of JavaScript's objects that Python holds
 * @property {Record<string, string>} handles the libraries' paths by Python's handles for them
 * @property {Record<string, string>} packages which are loaded, and from where
 * @property {[path: string, bytes: number][]} libraries
 * @property {[start: number, bytes: number][]} blocks of the memory
 * @property {[path: string, bytes: number][]} files
 *
 * @typedef {{ path: string, bytes: Uint8Array }} File
 * @typedef {{ layout: Layout, libraries: File[], blocks: Uint8Array[], files: File[] }} Snapshot
 */

// Where the functions of libraries begin in the table. Without this, they would begin one later in engines that run
// Python's calls through a WebAssembly function of their own.
const FIRST_OF_LIBRARIES = 1 << 14;

/**
 * @param {Response} response
 * @returns {Promise<Snapshot>}
 */
export async function readSnapshot(response) {
  if (!response.ok || !response.body) throw new Error(`${response.url}: HTTP ${response.status}`);
  const plain = response.body.pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(plain).arrayBuffer());
  let at = 4 + new DataView(bytes.buffer).getUint32(0, true);
  /** @type {Layout} */
  const layout = JSON.parse(new TextDecoder().decode(bytes.subarray(4, at)));
  const take = (/** @type {number} */ length) => bytes.subarray(at, (at += length));
  const libraries = layout.libraries.map(([path, length]) => ({ path, bytes: take(length) }));
  const blocks = layout.blocks.map(([, length]) => take(length));
  const files = layout.files.map(([path, length]) => ({ path, bytes: take(length) }));
  return { layout, libraries, blocks, files };
}

/**
 * Loads Pyodide from a snapshot. Rejects if it does not fit, or cannot be had.
 * @param {(options: any) => Promise<any>} loadPyodide
 * @param {string} pyodideURL
 * @param {any} lock what Pyodide's lock file holds
 * @param {Promise<Snapshot>} snapshot
 */
export async function loadFromSnapshot(loadPyodide, pyodideURL, lock, snapshot) {
  const moduleURL = `${pyodideURL}pyodide.asm.mjs`;
  const { default: create } = await import(/* webpackIgnore: true */ /* @vite-ignore */ moduleURL);
  const pyodide = await loadPyodide({
    indexURL: pyodideURL,
    lockFileContents: lock,
    packageBaseUrl: pyodideURL,
    _loadSnapshot: new Uint8Array(), // Pyodide then starts no Python, and calls restoreSnapshot
    async createPyodideModule(/** @type {any} */ settings) {
      const module = await createWithLibraries(create, settings, snapshot);
      const { layout, blocks } = await snapshot;
      if (settings.API.config.BUILD_ID !== layout.build) throw new Error("another Pyodide's");
      settings.API.restoreSnapshot = () => restore(module, layout, blocks);
      return module;
    },
  });
  const { layout, files } = await snapshot;
  finish(pyodide, layout, files);
  return pyodide;
}

/**
 * Makes Pyodide's module, with libraries at places that depend on nothing but themselves.
 * @param {(settings: any) => Promise<any>} create
 * @param {any} settings
 * @param {Promise<Pick<Snapshot, "libraries">>} contents
 * @param {(module: any) => void} [placed] called when they are there, before any code has run
 */
export function createWithLibraries(create, settings, contents, placed = () => {}) {
  return new Promise((resolve, reject) => {
    settings.preRun.push(async (/** @type {any} */ module) => {
      module.addRunDependency("libraries");
      try {
        await place(module, (await contents).libraries);
        placed(module);
        module.removeRunDependency("libraries");
      } catch (error) {
        reject(error);
      }
    });
    create(settings).then(resolve, reject);
  });
}

/** @param {any} module @param {File[]} libraries */
async function place(module, libraries) {
  const { wasmTable, LDSO } = module;
  wasmTable.grow(FIRST_OF_LIBRARIES - wasmTable.length);
  for (const { path, bytes } of libraries) {
    const flags = { loadAsync: true, global: false, nodelete: true };
    const exports = await module.loadWebAssemblyModule(bytes, flags, path, {});
    LDSO.loadedLibsByName[path] = { refcount: Infinity, name: path, exports, global: false };
  }
}

/**
 * @param {any} module
 * @param {Layout} layout
 * @param {Uint8Array[]} blocks
 */
function restore(module, layout, blocks) {
  const { wasmTable, LDSO } = module;
  const pointer = pointerOfCalls(module);
  const kept = module.HEAPU32[pointer];
  const lacking = layout.memory - module.HEAPU8.length;
  if (lacking > 0 && !module.growMemory(layout.memory)) throw new Error("too little memory");
  const heap = module.HEAPU8;
  heap.fill(0, layout.heap);
  for (const [index, [start]] of layout.blocks.entries()) heap.set(blocks[index], start);
  module.HEAPU32[pointer] = kept;
  module.HEAPU32[layout.waits] = functionThatWaits(module);
  if (wasmTable.length < layout.table) wasmTable.grow(layout.table - wasmTable.length);
  for (const [handle, path] of Object.entries(layout.handles)) {
    LDSO.loadedLibsByHandle[handle] = LDSO.loadedLibsByName[path];
  }
  const { exports } = LDSO.loadedLibsByName.__main__;
  exports.open64 = exports.open; // as Pyodide's own start has it
  setTimeZone(module);
  return layout.references;
}

/** Where Python has the function that calls others, as an index of HEAPU32. @param {any} module */
function pointerOfCalls({ LDSO, HEAPU32 }) {
  const { _PyRuntime, _PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: offset } =
    LDSO.loadedLibsByName.__main__.exports;
  return (_PyRuntime.value + HEAPU32[offset.value >>> 2]) >>> 2;
}

/** The place, in the table, of the function by which Python waits for a promise in this engine. @param {any} module */
export function functionThatWaits({ LDSO, jspiSupported, addFunction }) {
  const { run_sync, run_sync_not_supported } = LDSO.loadedLibsByName.__main__.exports;
  return addFunction(jspiSupported ? run_sync : run_sync_not_supported);
}

/** Lets C know the time zone of this browser. @param {any} module */
function setTimeZone({ LDSO, HEAPU32 }) {
  const { timezone, daylight, tzname, _tzset_js } = LDSO.loadedLibsByName.__main__.exports;
  const [standard, summer] = HEAPU32.subarray(tzname.value >>> 2, (tzname.value >>> 2) + 2);
  _tzset_js(timezone.value, daylight.value, standard, summer);
}

/**
 * Brings what Python cannot find in its memory up to date.
 * @param {any} pyodide
 * @param {Layout} layout
 * @param {File[]} files
 */
function finish(pyodide, layout, files) {
  const { FS, loadedPackages } = pyodide;
  const folders = new Set();
  for (const { path, bytes } of files) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!folders.has(folder)) FS.mkdirTree(folder);
    folders.add(folder);
    FS.writeFile(path, bytes, { canOwn: true });
  }
  Object.assign(loadedPackages, layout.packages);
  pyodide.runPython(REFRESH);
}

// What Python itself has noted when it started, elsewhere: whoever imports random expects other numbers each time.
const REFRESH = `
def refresh():
    import locale, os, pyodide._package_loader, pyodide_js, random, time
    from js import navigator
    pyodide._package_loader.loadedPackages = pyodide_js.loadedPackages
    random.seed()
    language = getattr(navigator, "language", None) or "C"
    os.environ["LANG"] = language.replace("-", "_") + ".UTF-8"
    locale.setlocale(locale.LC_CTYPE, "")
    year = 365.25 * 24 * 3600
    zones = [time.localtime(time.time() // year * year + part * year) for part in (0, 0.5)]
    standard, summer = sorted(zones, key=lambda zone: zone.tm_gmtoff)
    time.timezone, time.altzone = -standard.tm_gmtoff, -summer.tm_gmtoff
    time.daylight = int(time.timezone != time.altzone)
    time.tzname = (standard.tm_zone, summer.tm_zone)
refresh()
del refresh
`;
