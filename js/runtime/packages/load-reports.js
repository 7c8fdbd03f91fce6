// Who wants to know how far packages are is told so: the whole of what there is to say, not too often.

/** @import { LockedPackage } from "./locked-packages.js" */
/** @import { PackageError } from "./package-error.js" */

/** How often progress alone is told. */
const INTERVAL_MS = 500;

/**
 * What has been loaded since a watch began.
 * @typedef {object} LoadReport
 * @property {{ name: string, version: string, bytes: number, size?: number }[]} packages
 * @property {LoadFailure[]} failures
 */

/**
 * Why a package could not be loaded: a package, itself or one that it needs, is not there.
 * @typedef {object} LoadFailure
 * @property {string} name
 * @property {string} version
 * @property {readonly string[]} imports
 * @property {string} missing the name and the version of what is not there
 * @property {string} predicate what is the matter with that: "could not be loaded from ...: ..."
 * @property {string} advice
 */

export class LoadReports {
  /** @type {Map<number, Watch>} */
  #watches = new Map();
  #last = 0;

  /** @param {(report: string) => void} tell takes a LoadReport as JSON */
  open(tell) {
    this.#watches.set(++this.#last, new Watch(tell));
    return this.#last;
  }

  /** Returns how many watches are left. @param {number} number */
  close(number) {
    this.#watches.delete(number);
    return this.#watches.size;
  }

  /** @param {LockedPackage} one @param {number} bytes that have come @param {number} [size] how many will come */
  take(one, bytes, size) {
    for (const watch of this.#watches.values()) watch.take(one, bytes, size);
  }

  /** @param {PackageError} error */
  fail(error) {
    for (const watch of this.#watches.values()) watch.fail(error);
  }
}

class Watch {
  #tell;
  #told = -Infinity;
  /** @type {Map<string, LoadReport["packages"][number]>} */
  #packages = new Map();
  /** @type {LoadReport["failures"]} */
  #failures = [];

  /** @param {(report: string) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @param {LockedPackage} one @param {number} bytes @param {number} [size] */
  take({ name, version }, bytes, size) {
    const isSize = size !== undefined && size >= bytes;
    this.#packages.set(name, { name, version, bytes, ...(isSize && { size }) });
    if (bytes === size || performance.now() - this.#told >= INTERVAL_MS) this.#report();
  }

  /** @param {PackageError} error */
  fail({ package: { name, version, imports }, missing, predicate, advice }) {
    this.#failures.push({ name, version, imports, missing, predicate, advice });
    this.#report();
  }

  #report() {
    this.#told = performance.now();
    const packages = [...this.#packages.values()];
    this.#tell(JSON.stringify({ packages, failures: this.#failures }));
  }
}
