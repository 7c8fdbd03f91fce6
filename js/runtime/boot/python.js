// Loads Pyodide: from the site's snapshot, if it has one, or else as it comes.

/** @import { EngineSettings } from "../engine.js" */
/** @import { Snapshot } from "./snapshot.js" */

import { messageOf } from "./python-values.js";
import { loadFromSnapshot, readSnapshot } from "./snapshot.js";

/**
 * What scripts/build_site.py writes into a lock file.
 * @typedef {object} NamedSnapshot
 * @property {string} file in the lock file's folder
 * @property {string} holds a package; whoever does not ask for it has another, which the snapshot would hide
 */

/**
 * @param {Pick<EngineSettings, "pyodideURL" | "packages">} settings
 * @param {(level: string, text: string) => void} log
 */
export async function loadPython({ pyodideURL, packages }, log) {
  const finding = findSnapshot(pyodideURL, packages);
  const moduleURL = `${pyodideURL}pyodide.mjs`;
  let module;
  try {
    module = await import(/* webpackIgnore: true */ /* @vite-ignore */ moduleURL);
  } catch (error) {
    throw new Error(await explainImport(moduleURL, error), { cause: error });
  }
  const found = await finding;
  if (found) {
    try {
      return await loadFromSnapshot(module.loadPyodide, pyodideURL, found.lock, found.snapshot);
    } catch (error) {
      log("warning", `Python starts without its snapshot, which takes longer: ${messageOf(error)}`);
    }
  }
  return module.loadPyodide({ indexURL: pyodideURL });
}

/**
 * Begins to fetch the snapshot, while the rest is fetched.
 * @param {string} pyodideURL
 * @param {string[]} packages
 * @returns {Promise<{ lock: any, snapshot: Promise<Snapshot> } | undefined>}
 */
async function findSnapshot(pyodideURL, packages) {
  try {
    const lock = await (await fetch(`${pyodideURL}pyodide-lock.json`)).json();
    const named = /** @type {NamedSnapshot | undefined} */ (lock.snapshot);
    if (!named || !packages.includes(named.holds)) return undefined;
    const snapshot = fetch(`${pyodideURL}${named.file}`).then(readSnapshot);
    snapshot.catch(() => {}); // whoever awaits it is told
    return { lock, snapshot };
  } catch {
    return undefined; // Pyodide reads the lock file too, and says what is wrong
  }
}

/**
 * A failed import() says little, and even less in a worker: ask the server again to find out what is wrong.
 * @param {string} url
 * @param {unknown} error
 */
async function explainImport(url, error) {
  const advice = "Give pyodideURL the folder that holds pyodide.mjs.";
  let response;
  try {
    response = await fetch(url, { method: "HEAD" });
  } catch {
    return `${url} cannot be reached. Check the connection and the address. ${advice}`;
  }
  if (!response.ok) return `${url} returned HTTP ${response.status}. ${advice}`;
  const type = response.headers.get("content-type") ?? "no content type";
  return `${url} (${type}) is not a module that can be loaded: ${messageOf(error)}. ${advice}`;
}
