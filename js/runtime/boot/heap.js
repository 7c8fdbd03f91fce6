// Lets Pyodide reach the upper half of its memory. Its WebAssembly hands addresses to JavaScript as signed numbers, and
// some of its functions (those for ASCII text, for buffers, for sockets) use them as they come: above 2 GiB, where a cell
// with much data puts whatever is made next, they are negative, and such a function takes other bytes, or fails.

const VIEWS = ["HEAP8", "HEAPU8"];

/**
 * @param {any} module Emscripten's, which is Pyodide's own affair and may not be shown; it makes new views whenever the
 *   memory has grown
 */
export function reachAllMemory(module) {
  for (const name of VIEWS.filter((each) => module?.[each])) {
    let view = withAddresses(module[name]);
    Object.defineProperty(module, name, {
      get: () => view,
      set(grown) {
        view = withAddresses(grown);
      },
    });
  }
}

/**
 * Makes the methods of a view take addresses below zero for what they are, where others count from the end.
 * @param {any} view
 */
function withAddresses(view) {
  const unsigned = (/** @type {number | undefined} */ address) => address && address >>> 0;
  for (const name of ["subarray", "slice"]) {
    const take = view[name].bind(view);
    view[name] = (/** @type {number} */ start, /** @type {number | undefined} */ end) =>
      take(unsigned(start), unsigned(end));
  }
  const set = view.set.bind(view);
  view.set = (/** @type {ArrayLike<number>} */ values, /** @type {number | undefined} */ start) =>
    set(values, unsigned(start));
  return view;
}
