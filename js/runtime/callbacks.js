// The page's callbacks, whose errors must not stop the runtime, and its console.

/** @import { BootProgress, PendingStop, Question, RuntimeOptions, RuntimeStatus } from "../types.d.ts" */

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

  /** @param {PendingStop[]} stops */
  pendingStops(stops) {
    guarded(() => this.#options.onPendingStops?.(stops));
  }

  /** @param {Error} error */
  trouble(error) {
    console.warn(`runt-pyodide: ${error.message}`);
    guarded(() => this.#options.onError?.(error));
  }
}

/**
 * Puts the questions of running cells to the page, and sends its answers to Python. An answer is never an event, and
 * is kept nowhere.
 */
export class Questions {
  #put;
  #answer;
  #onTrouble;
  /** @type {Map<string, AbortController>} */
  #open = new Map();

  /**
   * @param {RuntimeOptions["onQuestion"]} put
   * @param {(id: string, text: string | null) => Promise<unknown>} answer
   * @param {(error: Error) => void} onTrouble
   */
  constructor(put, answer, onTrouble) {
    this.#put = put;
    this.#answer = answer;
    this.#onTrouble = onTrouble;
  }

  /** Puts a question to the page. Never rejects. @param {string} text JSON of a question, from Python */
  async put(text) {
    const { id, ...about } = JSON.parse(text);
    const controller = new AbortController();
    this.#open.set(id, controller);
    const answer = await this.#ask({ id, ...about, signal: controller.signal });
    if (!this.#open.delete(id)) return; // it was withdrawn
    await this.#answer(id, answer).catch(() => {}); // it is over
  }

  /** Tells the page that a question is over. @param {string} id */
  withdraw(id) {
    const controller = this.#open.get(id);
    this.#open.delete(id);
    controller?.abort();
  }

  /** Withdraws them all: there is no Python any more. */
  close() {
    for (const id of [...this.#open.keys()]) this.withdraw(id);
  }

  /** @param {Question} question @returns {Promise<string | null>} */
  async #ask(question) {
    try {
      const answer = await this.#put?.(question);
      return answer === null || answer === undefined ? null : String(answer);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      if (!question.signal.aborted) {
        this.#onTrouble(new Error(`onQuestion threw, so the input was ended: ${why}`, { cause }));
      }
      return null;
    }
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
