// What runs in each of the two places, the page and the worker: the peers, and a look into Python.

import { PEERS, readFirst } from "./peers.js";
import { baseURL, last, prepare, setLimit } from "./source.js";

/** @typedef {{ kind: string, pattern: import("./source.js").Pattern, count: number }} Job */

export const place = {
  /** @param {Job} job */
  prepare: ({ kind, pattern, count }) => prepare(kind, pattern, `${count}`),

  /** @param {Job & { peer: string, limit: number }} job */
  async run({ peer, kind, pattern, count, limit }) {
    setLimit(limit);
    try {
      const deltas = await PEERS[peer](baseURL(kind, pattern, count));
      return { deltas, ...last };
    } catch (error) {
      if (!last.cut) throw error;
      return { deltas: [], ...last };
    } finally {
      setLimit(Infinity);
    }
  },

  /** @param {Job} job */
  first: ({ kind, pattern, count }) =>
    readFirst(baseURL(kind, pattern, count), globalThis.benchTell),

  last: () => ({ ...last }),

  /** @param {string[]} urls */
  async loadWheels(urls) {
    const absolute = urls.map((url) => new URL(url, location.href).href);
    await globalThis.benchPyodide.loadPackage(absolute, { messageCallback: () => {} });
  },

  /** @param {{ name: string, code: string }} module */
  loadPython({ name, code }) {
    const { FS, pyimport } = globalThis.benchPyodide;
    const [folder] = pyimport("site").getsitepackages();
    FS.writeFile(`${folder}/${name}.py`, code);
    pyimport("importlib").invalidate_caches();
  },

  /** @param {{ module: string, name: string, given: unknown[] }} call */
  python({ module, name, given }) {
    return globalThis.benchPyodide.pyimport(module)[name](...given);
  },

  /** @param {boolean} on */
  trace(on) {
    const { _module } = globalThis.benchPyodide;
    if (on) _module.enable_pyproxy_allocation_tracing();
    else _module.disable_pyproxy_allocation_tracing();
  },

  /** What is alive in Python: bytes of WebAssembly memory, objects with references, proxies. */
  measure() {
    const python = globalThis.benchPyodide;
    const objects = python.runPython("import gc; gc.collect(); len(gc.get_objects())");
    const { HEAPU8, pyproxy_alloc_map: proxies } = python._module;
    return { heap: HEAPU8.length, objects, proxies: proxies.size };
  },
};

/** @typedef {typeof place} Place */
