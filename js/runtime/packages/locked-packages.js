// The packages of Pyodide's lock file: what they need, and where their files are.

/**
 * An entry of the lock file. Its file is beside the lock file, or at an address, which is that of Pyodide's distribution.
 * @typedef {object} LockedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} file_name
 * @property {string} sha256 in hexadecimal
 * @property {readonly string[]} imports
 * @property {readonly string[]} depends
 */

/** The host of the addresses that the build gives to files that the site's owner lets nobody load (RFC 2606). */
const NOWHERE = "distribution.invalid";

export class LockedPackages {
  #packages;
  #baseURL;
  #distributionURL;

  /**
   * @param {Readonly<Record<string, LockedPackage>>} packages by normalised names
   * @param {string} baseURL of the files that are beside the lock file
   * @param {string | null} [distributionURL] a folder to take the place of the lock file's distribution; null for none
   */
  constructor(packages, baseURL, distributionURL) {
    this.#packages = packages;
    this.#baseURL = baseURL;
    this.#distributionURL = distributionURL;
  }

  /** @param {string} name */
  has(name) {
    return this.#find(name) !== undefined;
  }

  /**
   * Returns a package and all that it needs, the package first.
   * @param {string} name
   * @param {(name: string) => boolean} isLoaded of such a package nothing more is needed
   */
  needed(name, isLoaded) {
    /** @type {Set<LockedPackage>} */
    const needed = new Set();
    const waiting = [name];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const found = this.#find(next);
      if (!found || needed.has(found) || isLoaded(found.name)) continue;
      needed.add(found);
      waiting.push(...found.depends);
    }
    return [...needed];
  }

  /** Whether a package comes from the distribution, and not with the lock file. @param {LockedPackage} one */
  isElsewhere({ file_name }) {
    return file_name.includes("://");
  }

  /** Returns the address of a package's file; undefined if it may come from nowhere. @param {LockedPackage} one */
  addressOf(one) {
    if (!this.isElsewhere(one)) return new URL(one.file_name, this.#baseURL).href;
    if (this.#distributionURL === null) return undefined;
    const own = new URL(one.file_name);
    if (this.#distributionURL !== undefined) {
      return new URL(own.pathname.split("/").at(-1) ?? "", this.#distributionURL).href;
    }
    return own.hostname === NOWHERE ? undefined : own.href;
  }

  /** @param {string} name */
  #find(name) {
    const key = name.toLowerCase().replace(/[-_.]+/g, "-");
    return Object.hasOwn(this.#packages, key) ? this.#packages[key] : undefined;
  }
}
