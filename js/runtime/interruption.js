// Stops an execution of a Python that may be busy. It is asked by a message, which it reads when it waits, and
// signalled, which it sees when it is busy. Until it takes either of them this goes on, and after a while it is
// said why the stop takes long. Nothing else is done: only a restart could end it, and a restart loses variables.

// How long Python may take to read the message before it is signalled, how often it is signalled, and after what
// time it is said that the stop is late.
const BUSY_MS = 50;
const AGAIN_MS = 500;
const PATIENCE_MS = 2000;
// How long an editor's question may take: with a machine that is busy, jedi's honest work takes seconds.
const LOOK_MS = 10_000;

const UNHEARD =
  "Python cannot be interrupted where it is now: it is in code that does not look for interrupts, such as " +
  "sorting a long list. It will stop as soon as that code is done; the variables are kept.";
const UNREACHABLE =
  "This page cannot interrupt a busy Python, since it is not cross-origin isolated. The cell will stop at its " +
  "next await or when its code is done; the variables are kept.";
const TAKEN =
  "The cell was interrupted, but its code still runs: it cleans up, or it has caught the interrupt. Wait until " +
  "it is done, or interrupt it again.";

/**
 * The means to stop an execution. Both are told the number of the interrupt, which Python takes once.
 * @typedef {object} Means
 * @property {(queueId: string | undefined, number: number) => Promise<unknown>} ask resolves once it has ended
 * @property {(queueId: string | undefined, number: number) => boolean} signal returns whether that is possible;
 *   without an id it is for what runs outside of executions, such as a completion
 * @property {(stops: LateStop[]) => void} tell is told which stops are late, whenever that changes
 */

/**
 * A stop that takes long.
 * @typedef {object} LateStop
 * @property {string | undefined} queueId of the execution; undefined for whatever is running
 * @property {string} reason for people: why it still runs
 * @property {boolean} isTaken whether its code was interrupted
 */

/** @typedef {{ number: number, isTaken: boolean, isReachable: boolean, isLate: boolean }} Attempt */

export class Interruption {
  /** The latest attempts to stop, by queue id. @type {Map<string | undefined, Attempt>} */
  #attempts = new Map();
  #lastNumber = 0;
  #means;

  /** @param {Means} means */
  constructor(means) {
    this.#means = means;
  }

  /**
   * Stops an execution, and resolves once it has ended. A second call interrupts it once more.
   * @param {string | undefined} queueId of the execution; undefined for whatever is running
   * @returns {Promise<void>}
   */
  async stop(queueId) {
    const number = this.#next();
    /** @type {Attempt} */
    const attempt = { number, isTaken: false, isReachable: true, isLate: false };
    const earlier = this.#attempts.get(queueId);
    this.#attempts.set(queueId, attempt);
    if (earlier?.isLate) this.#tell();
    const signals = repeat(BUSY_MS, AGAIN_MS, () => this.#signal(queueId, attempt));
    const patience = setTimeout(() => this.#setLate(attempt), PATIENCE_MS);
    try {
      await this.#means.ask(queueId, number);
    } finally {
      signals.end();
      clearTimeout(patience);
      this.#forget(queueId, attempt);
    }
  }

  /** Takes note that an interrupt has arrived. @param {number} number */
  took(number) {
    for (const attempt of this.#attempts.values()) {
      if (attempt.number !== number || attempt.isTaken) continue;
      attempt.isTaken = true;
      if (attempt.isLate) this.#tell();
    }
  }

  /** The queue ids of the executions that are to stop and have not ended. */
  get pending() {
    return [...this.#attempts.keys()].filter((queueId) => queueId !== undefined);
  }

  /**
   * Awaits the answer to a question for which Python may have to run anybody's code, and interrupts that code if
   * it takes too long.
   * @template T
   * @param {Promise<T>} answer
   * @returns {Promise<T>}
   */
  async limit(answer) {
    const number = this.#next();
    const signals = repeat(LOOK_MS, AGAIN_MS, () => this.#means.signal(undefined, number));
    try {
      return await answer;
    } finally {
      signals.end();
    }
  }

  #next() {
    return (this.#lastNumber += 1);
  }

  /** @param {string | undefined} queueId @param {Attempt} attempt */
  #signal(queueId, attempt) {
    const isLatest = this.#attempts.get(queueId) === attempt;
    if (isLatest && !attempt.isTaken) {
      attempt.isReachable = this.#means.signal(queueId, attempt.number);
    }
  }

  /** @param {Attempt} attempt */
  #setLate(attempt) {
    attempt.isLate = true;
    this.#tell();
  }

  /** @param {string | undefined} queueId @param {Attempt} attempt */
  #forget(queueId, attempt) {
    if (this.#attempts.get(queueId) !== attempt) return;
    this.#attempts.delete(queueId);
    if (attempt.isLate) this.#tell();
  }

  #tell() {
    const late = [...this.#attempts].filter(([, { isLate }]) => isLate);
    this.#means.tell(
      late.map(([queueId, attempt]) => ({
        queueId,
        reason: reasonOf(attempt),
        isTaken: attempt.isTaken,
      })),
    );
  }
}

/** @param {Attempt} attempt */
function reasonOf({ isTaken, isReachable }) {
  if (isTaken) return TAKEN;
  return isReachable ? UNHEARD : UNREACHABLE;
}

/** Calls back after a time, and then again and again. @param {number} first @param {number} then @param {() => void} call */
function repeat(first, then, call) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const tick = () => {
    timer = setTimeout(tick, then);
    call();
  };
  timer = setTimeout(tick, first);
  return { end: () => clearTimeout(timer) };
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
