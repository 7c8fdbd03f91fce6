// Checks the options of startRuntime before anything is loaded, and fills in the defaults.

/** @import { EngineSettings } from "./engine.js" */
/** @import { RuntimeOptions } from "../types.d.ts" */

import { besidePackage } from "../place.js";

/** @param {any} value */
const isText = (value) => typeof value === "string";

/** @type {Record<string, (value: any) => boolean>} */
const CHECKS = {
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "string or URL": (value) => typeof value === "string" || value instanceof URL,
  "string or URL, or null": (value) => value === null || CHECKS["string or URL"](value),
  string: (value) => isText(value) && value !== "",
  boolean: (value) => typeof value === "boolean",
  function: (value) => typeof value === "function",
  "array of strings": (value) => Array.isArray(value) && value.every(CHECKS.string),
  "object of strings": (value) => CHECKS.object(value) && Object.values(value).every(isText),
};

/** @type {Record<keyof RuntimeOptions, keyof typeof CHECKS>} */
const KINDS = {
  store: "object",
  files: "object",
  pyodideURL: "string or URL",
  packages: "array of strings",
  modules: "object of strings",
  indexURL: "string or URL",
  distributionURL: "string or URL, or null",
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
  const { files, worker } = options;
  if (files && ![files.list, files.write, files.subscribe].every(CHECKS.function)) {
    throw new TypeError(
      "startRuntime: the option files must have list(), write() and subscribe(), as memoryFiles() has",
    );
  }
  if (files && worker === false) {
    throw new TypeError("startRuntime: the option files needs a worker: leave out worker: false");
  }
  if (vocabulary !== "default" && vocabulary !== "runt") {
    throw new TypeError(
      `startRuntime: the option vocabulary is "default" or "runt", not "${vocabulary}"`,
    );
  }
}

/**
 * @param {RuntimeOptions} options checked
 * @returns {EngineSettings}
 */
export function engineSettings(options) {
  const { runtimeId = "runt-pyodide", notebookId, config, vocabulary } = options;
  const { packages = ["runt-pyodide"], distributionURL } = options;
  const indexURL = absolute("indexURL", options.indexURL, "../pypi/simple");
  return {
    pyodideURL: folder(absolute("pyodideURL", options.pyodideURL, "../pyodide/")),
    indexURL,
    distributionURL: distributionURL && folder(absolute("distributionURL", distributionURL)),
    packages: packages.map((name) => (isWheelPath(name) ? absolute("packages", name) : name)),
    optionsText: JSON.stringify({
      intervalMs: options.store.interval,
      runtimeId,
      notebookId,
      config,
      vocabulary,
      indexUrl: indexURL,
      answers: options.onQuestion !== undefined,
      modules: options.modules,
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
  const given = url ?? besidePackage(fallback);
  if (given === undefined) {
    throw new TypeError(
      `startRuntime: the option ${option} is needed, since a bundler has taken this package from its folder`,
    );
  }
  try {
    return new URL(given, globalThis.document?.baseURI).href;
  } catch (error) {
    throw new TypeError(`startRuntime: the option ${option} is not an address: ${url}`, {
      cause: error,
    });
  }
}

/** @param {string} url */
function folder(url) {
  return url.replace(/\/?$/, "/");
}

/** @param {string} name */
function isWheelPath(name) {
  return /^[^@\s]+\.whl$/.test(name);
}
