// What this package finds by its own address: the script of its workers, and the folders that the site has beside it.
//
// Bundlers take the worker along only where `new Worker(new URL("...", import.meta.url))` is written out, so that
// stands here once. esbuild leaves it as it is: worker.js then has to be beside what it makes of this module.

/** The modules of a page's own origin that only import a script of another one, by its address. @type {Map<string, string>} */
const stubs = new Map();

/**
 * Starts a worker with worker.js. What it is for, its first message says; its name says it to people, in the browser's
 * developer tools.
 * @param {string} name
 * @returns {Worker}
 */
export function openWorker(name) {
  const { Worker: Own } = globalThis;
  // What address a bundler gives the script is known in this one call only. It may be of another origin, such as a
  // CDN's, from which browsers start no worker. Webpack leaves the type out; Pyodide needs a module. And options have
  // to be written out for bundlers, so a name that is not the same for all is added here.
  const Here = /** @type {any} */ (
    function Worker(/** @type {string | URL} */ url, /** @type {WorkerOptions} */ options) {
      return new Own(ofThisOrigin(url), { ...options, type: "module", name });
    }
  );
  globalThis.Worker = Here;
  try {
    return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  } finally {
    globalThis.Worker = Own;
  }
}

/** @param {string | URL} url */
function ofThisOrigin(url) {
  const { location } = globalThis;
  if (!location) return url;
  const { href, origin } = new URL(url, location.href);
  if (origin === location.origin) return url;
  const code = `import ${JSON.stringify(href)};`;
  const stub =
    stubs.get(href) ?? URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  stubs.set(href, stub);
  return stub;
}

/**
 * Returns the address of what the site has beside this package's folder.
 * @param {string} path from this file, such as "../pyodide/"
 * @returns {string | undefined} undefined if a bundler has replaced the package's address by that of its source
 */
export function besidePackage(path) {
  // With import.meta.url in the place of `here`, bundlers would look for a file, and take along all that they find.
  const here = import.meta.url;
  const { href, protocol } = new URL(path, here);
  const { location } = globalThis;
  return protocol === "file:" && location && location.protocol !== "file:" ? undefined : href;
}
