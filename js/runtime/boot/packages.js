// Loads packages into a Pyodide: those of its lock file, and those that micropip gets from an index.

/** @import { LockedPackage } from "../packages/locked-packages.js" */
/** @import { Bytes, Digest } from "../packages/package-files.js" */

import { LockedPackages } from "../packages/locked-packages.js";
import { notInstalled } from "../packages/package-error.js";
import { PackageFiles } from "../packages/package-files.js";
import { messageOf, settled } from "./python-values.js";

// Pyodide's builds of it are faster to load than what an index has.
const ALWAYS = ["pydantic"];

/**
 * Takes over how a Pyodide fetches the packages of its lock file, whoever loads them. Pyodide itself does not say how far
 * they are or why one failed, and installs what lacks something.
 * @param {any} pyodide
 * @param {string} pyodideURL
 * @param {string | null} [distributionURL] as in LockedPackages
 * @returns {PackageFiles}
 */
export function takeOverFetching(pyodide, pyodideURL, distributionURL) {
  // Earlier versions of Pyodide do not show their lock file, and fetch by themselves.
  const packages = /** @type {Record<string, LockedPackage>} */ (pyodide.lockfile?.packages ?? {});
  const lock = new LockedPackages(packages, pyodideURL, distributionURL);
  const digest = globalThis.crypto?.subtle ? digestInBrowser : digestBy(pyodide);
  const files = new PackageFiles(lock, digest);
  const manager = pyodide._api.packageManager;
  if (!pyodide.lockfile || !manager?.downloadPackage || !manager.installPackage) return files;
  const { downloadPackage, installPackage } = manager;
  const isLoaded = (/** @type {string} */ name) => name in pyodide.loadedPackages;
  const isLocked = (/** @type {any} */ one) => one.channel === manager.defaultChannel;
  manager.downloadPackage = (/** @type {any} */ one, /** @type {unknown[]} */ ...rest) =>
    isLocked(one)
      ? files.read(one.normalizedName, isLoaded)
      : downloadPackage.call(manager, one, ...rest);
  manager.installPackage = async (/** @type {any} */ one, /** @type {Bytes} */ bytes) => {
    try {
      return await installPackage.call(manager, one, bytes);
    } catch (error) {
      throw isLocked(one) ? files.fail(notInstalled(one.packageData, messageOf(error))) : error;
    }
  };
  return files;
}

/**
 * Loads what a runtime consists of: what the lock file has, and the rest from an index.
 * @param {any} pyodide
 * @param {string[]} packages
 * @param {string} indexURL
 * @param {() => void} beforeOthers called before the rest
 */
export async function loadRuntime(pyodide, packages, indexURL, beforeOthers) {
  const isLocked = (/** @type {string} */ name) =>
    Object.hasOwn(pyodide.lockfile?.packages ?? {}, name);
  const others = packages.filter((name) => !isLocked(name));
  const installer = others.length > 0 ? ["micropip"] : [];
  await loadLocked(pyodide, [...ALWAYS, ...installer, ...packages.filter(isLocked)]);
  beforeOthers();
  if (others.length > 0) await install(pyodide, others, indexURL);
}

/** @param {any} pyodide @param {string[]} names */
async function loadLocked(pyodide, names) {
  /** @type {string[]} */
  const complaints = [];
  const errorCallback = (/** @type {string} */ text) => void complaints.push(text);
  await pyodide.loadPackage(names, { messageCallback: () => {}, errorCallback });
  // loadPackage resolves even if it could not fetch a package; it only logs that.
  const missing = names.filter((name) => !(name in pyodide.loadedPackages));
  if (missing.length > 0) {
    const reasons = complaints.join("; ") || "no reason was given";
    throw new Error(
      `Pyodide could not load ${missing.join(" and ")} (${reasons}). ` +
        "The folder at pyodideURL needs the wheels that its pyodide-lock.json names.",
    );
  }
}

/**
 * @param {any} pyodide
 * @param {string[]} packages
 * @param {string} indexURL
 */
async function install(pyodide, packages, indexURL) {
  const micropip = pyodide.pyimport("micropip");
  const { install: byName } = micropip;
  const names = pyodide.toPy(packages);
  try {
    await settled(byName.callKwargs(names, { index_urls: indexURL }));
  } catch (error) {
    throw new Error(
      `micropip could not install ${packages.join(", ")} from ${indexURL} ` +
        `(${messageOf(error)}). Check the options packages and indexURL.`,
      { cause: error },
    );
  } finally {
    for (const proxy of [names, byName, micropip]) proxy.destroy();
  }
}

/** @type {Digest} */
async function digestInBrowser(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Pages on plain HTTP have no crypto.subtle. @param {any} pyodide @returns {Digest} */
function digestBy(pyodide) {
  return async (bytes) => {
    const hashlib = pyodide.pyimport("hashlib");
    const copy = pyodide.toPy(bytes);
    const hash = hashlib.sha256(copy);
    try {
      return hash.hexdigest();
    } finally {
      for (const proxy of [hash, copy, hashlib]) proxy.destroy();
    }
  };
}
