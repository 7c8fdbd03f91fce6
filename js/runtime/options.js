// Checks the options of startRuntime before anything is loaded, and fills in the defaults.

/** @import { EngineSettings } from "./engine.js" */
/** @import { RuntimeOptions } from "../types.d.ts" */

/** @type {Record<string, (value: any) => boolean>} */
const CHECKS = {
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "string or URL": (value) => typeof value === "string" || value instanceof URL,
  string: (value) => typeof value === "string" && value !== "",
  boolean: (value) => typeof value === "boolean",
  function: (value) => typeof value === "function",
  "array of strings": (value) => Array.isArray(value) && value.every(CHECKS.string),
};

/** @type {Record<keyof RuntimeOptions, keyof typeof CHECKS>} */
const KINDS = {
  store: "object",
  pyodideURL: "string or URL",
  packages: "array of strings",
  indexURL: "string or URL",
  config: "object",
  vocabulary: "string",
  runtimeId: "string",
  notebookId: "string",
  worker: "boolean",
  onProgress: "function",
  onStatus: "function",
  onPendingStops: "function",
  onError: "function",
  onQuestion: "function",
};

/**
 * @param {RuntimeOptions} options
 * @throws {TypeError} naming the option that is wrong
 */
export function checkOptions(options) {
  if (!CHECKS.object(options)) throw new TypeError("startRuntime takes an object of options");
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(KINDS, name)) {
      const known = Object.keys(KINDS).join(", ");
      throw new TypeError(`startRuntime: unknown option ${name}; the options are ${known}`);
    }
    const kind = KINDS[/** @type {keyof RuntimeOptions} */ (name)];
    if (value !== undefined && !CHECKS[kind](value)) {
      throw new TypeError(`startRuntime: the option ${name} must be: ${kind}`);
    }
  }
  const { store, vocabulary = "default" } = options;
  if (!CHECKS.function(store?.commit) || !CHECKS.function(store?.subscribe)) {
    throw new TypeError("startRuntime: the option store must have commit() and subscribe()");
  }
  if (vocabulary !== "default" && vocabulary !== "runt") {
    throw new TypeError(
      `startRuntime: the option vocabulary is "default" or "runt", not "${vocabulary}"`,
    );
  }
}

/**
 * @param {RuntimeOptions} options checked
 * @param {boolean} [isAgain] whether it takes the place of a Python that had these options
 * @returns {EngineSettings}
 */
export function engineSettings(options, isAgain) {
  const { runtimeId = "runt-pyodide", notebookId, config, vocabulary } = options;
  const { packages = ["runt-pyodide"] } = options;
  const indexURL = absolute("indexURL", options.indexURL, "../../pypi/simple");
  return {
    pyodideURL: absolute("pyodideURL", options.pyodideURL, "../../pyodide/").replace(/\/?$/, "/"),
    indexURL,
    packages: packages.map((name) => (isWheelPath(name) ? absolute("packages", name) : name)),
    optionsText: JSON.stringify({
      intervalMs: options.store.interval,
      runtimeId,
      notebookId,
      config,
      vocabulary,
      indexUrl: indexURL,
      answers: options.onQuestion !== undefined,
      again: isAgain,
    }),
  };
}

/**
 * Resolves an address against the page; in the worker, a relative one would mean something else.
 * @param {string} option
 * @param {string | URL | undefined} url
 * @param {string} [fallback] beside this package
 */
function absolute(option, url, fallback = "") {
  if (url === undefined) return new URL(fallback, import.meta.url).href;
  try {
    return new URL(url, globalThis.document?.baseURI).href;
  } catch (error) {
    throw new TypeError(`startRuntime: the option ${option} is not an address: ${url}`, {
      cause: error,
    });
  }
}

/** @param {string} name */
function isWheelPath(name) {
  return /^[^@\s]+\.whl$/.test(name);
}
