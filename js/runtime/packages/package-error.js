// Why a package could not be loaded, in words.

/** @import { LockedPackage } from "./locked-packages.js" */

const TRY_AGAIN = "Run the cell again; if that does not help, tell the owner of this site.";

export class PackageError extends Error {
  /**
   * @param {LockedPackage} one the package that could not be loaded
   * @param {string} missing the name and the version of what is not there: that package, or one that it needs
   * @param {string} predicate what is the matter with that, in words that fit several: "could not be loaded from ...: ..."
   * @param {string} advice
   */
  constructor(one, missing, predicate, advice) {
    const title = titleOf(one);
    super(`${title} ${missing === title ? "" : `needs ${missing}, which `}${predicate}. ${advice}`);
    this.name = "PackageError";
    this.package = one;
    this.missing = missing;
    this.predicate = predicate;
    this.advice = advice;
  }

  /** Returns the error of a package that needs this one. @param {LockedPackage} one */
  of(one) {
    return new PackageError(one, this.missing, this.predicate, this.advice);
  }
}

/** @param {LockedPackage} one */
export function notHere(one) {
  return errorOf(
    one,
    "could not be loaded: this site has no such file, and loads none from elsewhere",
    "Ask its owner to add it (PACKAGES of make dist) or to set distributionURL.",
  );
}

/** @param {LockedPackage} one @param {string} address @param {string} reason */
export function notReached(one, address, reason) {
  return errorOf(
    one,
    `could not be loaded from ${folderOf(address)}: ${reason}`,
    `Check the network. ${TRY_AGAIN}`,
  );
}

/** @param {LockedPackage} one @param {string} address @param {number} status */
export function refused(one, address, status) {
  const predicate = `could not be loaded from ${folderOf(address)}, which answered with HTTP ${status}`;
  return errorOf(one, predicate, TRY_AGAIN);
}

/** @param {LockedPackage} one @param {string} address */
export function webPage(one, address) {
  return errorOf(
    one,
    `could not be loaded from ${folderOf(address)}, which answered with a web page`,
    "The network may want you to sign in: open that address in another tab, then run the cell again.",
  );
}

/** @param {LockedPackage} one @param {string} address @param {string} sha256 of what came */
export function anotherFile(one, address, sha256) {
  const difference = `its SHA-256 is ${sha256.slice(0, 12)}…, not ${one.sha256.slice(0, 12)}…`;
  return errorOf(
    one,
    `could not be loaded from ${folderOf(address)}, which sent another file: ${difference}`,
    `None of it was used. ${TRY_AGAIN}`,
  );
}

/** @param {LockedPackage} one @param {string} reason */
export function notInstalled(one, reason) {
  const why = reason.trim().replace(/\.$/, "");
  return errorOf(one, `could not be installed in this Python: ${why}`, TRY_AGAIN);
}

/** @param {LockedPackage} one @param {string} predicate @param {string} advice */
function errorOf(one, predicate, advice) {
  return new PackageError(one, titleOf(one), predicate, advice);
}

/** @param {LockedPackage} one */
function titleOf({ name, version }) {
  return `${name} ${version}`;
}

/** @param {string} address */
function folderOf(address) {
  return new URL(".", address).href;
}
