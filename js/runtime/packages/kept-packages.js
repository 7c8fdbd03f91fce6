// What a browser keeps of the files of Pyodide's distribution, so that a package that was loaded once can be loaded
// without a network. (The files of the site itself are kept by its service worker.) Of each package it keeps one file.

/** @import { LockedPackage } from "./locked-packages.js" */

const CACHE = "runt-pyodide-packages";

/** @typedef {{ match: (key: string) => Promise<Response | undefined>, put: (key: string, response: Response) => Promise<void>,
 *   keys: () => Promise<readonly { url: string }[]>, delete: (key: string) => Promise<boolean> }} Kept a Cache */

export class KeptPackages {
  #open;

  /** @param {() => Promise<Kept>} [open] */
  constructor(open = async () => caches.open(CACHE)) {
    this.#open = open;
  }

  /** @param {LockedPackage} one @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} */
  async get(one) {
    try {
      const response = await (await this.#open()).match(keyOf(one));
      return response && new Uint8Array(await response.arrayBuffer());
    } catch {
      return undefined; // pages on plain HTTP and frames without an origin have no caches
    }
  }

  /** @param {LockedPackage} one @param {Uint8Array<ArrayBuffer>} bytes */
  async put(one, bytes) {
    try {
      const cache = await this.#open();
      const key = keyOf(one);
      await cache.put(key, new Response(bytes));
      for (const { url } of await cache.keys()) {
        const isOlder = url.includes(prefixOf(one)) && !url.endsWith(key);
        if (isOlder) await cache.delete(url);
      }
    } catch {
      // Nor is anything kept if the disk is full. The package works all the same.
    }
  }
}

/** @param {LockedPackage} one */
function prefixOf({ name }) {
  return `/packages/${encodeURIComponent(name)}/`;
}

/** A path that no site has: that of a file beside the page's would be answered from here. @param {LockedPackage} one */
function keyOf(one) {
  return `/runt-pyodide${prefixOf(one)}${one.sha256}`;
}
