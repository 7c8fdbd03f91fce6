// Stops an execution of a Python that may be busy: asks first, then signals, and finally gives up on it.

// How long Python may take to stop, and how often it is signalled meanwhile: code may catch the first
// KeyboardInterrupt by accident.
const PATIENCE_MS = 2000;
const AGAIN_MS = 500;

/**
 * The means to stop an execution. `ask` resolves once it has ended; `signal` interrupts a busy Python if that is
 * possible; `giveUp` ends the execution by other means, and is undefined if there are none.
 * @typedef {object} Means
 * @property {(queueId: string | undefined) => Promise<unknown>} ask
 * @property {() => void} signal
 * @property {((queueId: string | undefined) => Promise<void>) | undefined} giveUp
 */

export class Interruption {
  /** @type {Set<string | undefined>} */
  #under = new Set();
  #means;

  /** @param {Means} means */
  constructor(means) {
    this.#means = means;
  }

  /**
   * Stops an execution, and resolves once it has ended. A second call for the same one gives up on it at once.
   * @param {string | undefined} queueId of the execution; undefined for whatever is running
   * @returns {Promise<void>}
   */
  async stop(queueId) {
    const { ask, giveUp } = this.#means;
    if (this.#under.has(queueId)) {
      await giveUp?.(queueId);
      return;
    }
    this.#under.add(queueId);
    try {
      const obeyed = ask(queueId);
      if (!giveUp) await obeyed;
      else if (!(await this.#insist(obeyed))) await giveUp(queueId);
    } finally {
      this.#under.delete(queueId);
    }
  }

  /** @param {Promise<unknown>} obeyed @returns {Promise<boolean>} whether it was, in time */
  async #insist(obeyed) {
    let isOver = false;
    const over = () => void (isOver = true);
    const ended = obeyed.then(over, over);
    for (let waited = 0; waited < PATIENCE_MS; waited += AGAIN_MS) {
      this.#means.signal();
      await withTimeout(ended, AGAIN_MS);
      if (isOver) {
        await obeyed; // rejects if asking failed
        return true;
      }
    }
    return false;
  }
}

/**
 * Resolves once the work is done, or after the given time. Rejects if the work does.
 * @param {Promise<unknown>} work
 * @param {number} ms
 */
export async function withTimeout(work, ms) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
