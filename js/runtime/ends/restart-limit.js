// How often a Python that breaks down is restarted without being asked: what breaks it may break the next one too.

import { describeBreakdown } from "./failure.js";

const MOST = 3;
const WITHIN_MS = 60_000;

const TOO_OFTEN = `It broke down ${MOST + 1} times within a minute, so it was not restarted again.`;

export class RestartLimit {
  #now;
  /** When the latest restarts were, in milliseconds. @type {number[]} */
  #times = [];

  /** @param {() => number} [now] in milliseconds; it need not be the time of day */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Decides whether Python is restarted after a breakdown.
   * @param {Error} error
   * @returns {{ isRestarted: boolean, reason: string }} the reason is for people
   */
  judge(error) {
    const now = this.#now();
    this.#times = this.#times.filter((time) => now - time < WITHIN_MS);
    const isRestarted = this.#times.length < MOST;
    if (isRestarted) this.#times.push(now);
    const what = isRestarted ? "Python was restarted." : TOO_OFTEN;
    return { isRestarted, reason: `${describeBreakdown(error)} ${what}` };
  }

  /** Begins to count anew, since a person has asked for a restart. */
  reset() {
    this.#times = [];
  }
}
