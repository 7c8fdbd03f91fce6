// The page's callbacks, whose errors must not stop the runtime, and its console.

/** @import { BootProgress, RuntimeOptions, RuntimeStatus } from "../types.d.ts" */

export class Callbacks {
  #options;

  /** @param {RuntimeOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** @param {RuntimeStatus} status @param {string} [reason] */
  status(status, reason) {
    guarded(() => this.#options.onStatus?.(status, reason));
  }

  /** @param {BootProgress} progress */
  progress(progress) {
    guarded(() => this.#options.onProgress?.(progress));
  }

  /** @param {Error} error */
  trouble(error) {
    console.warn(`runt-pyodide: ${error.message}`);
    guarded(() => this.#options.onError?.(error));
  }
}

/** @param {string} level @param {string} text */
export function log(level, text) {
  const write = { info: console.info, warning: console.warn }[level] ?? console.error;
  write(`runt-pyodide: ${text}`);
}

/** @param {() => void} callback */
function guarded(callback) {
  try {
    callback();
  } catch (error) {
    console.error("runt-pyodide: a callback threw", error);
  }
}
