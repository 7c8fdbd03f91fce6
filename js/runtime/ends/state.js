// The status of a runtime as the page sees it, and whether there is a Python that can be called.

/** @import { RuntimeStatus } from "../../types.d.ts" */
/** @import { Callbacks } from "../callbacks.js" */

export class RuntimeState {
  /** @type {RuntimeStatus} */
  status = "loading";
  /** Why it restarts, failed, or stopped without being asked. @type {string | undefined} */
  reason;
  /** Why there is no Python, until it is restarted. @type {string | undefined} */
  down;
  /** Why the runtime has ended for good. @type {string | undefined} */
  ended;
  /** What Python reported last. @type {"ready" | "busy"} */
  activity = "ready";
  #callbacks;

  /** @param {Callbacks} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  /** @param {RuntimeStatus} status @param {string} [reason] */
  set(status, reason) {
    if (status === this.status) return;
    [this.status, this.reason] = [status, reason];
    this.#callbacks.status(status, reason);
  }

  /** Takes a report of Python. @param {boolean} isBusy */
  report(isBusy) {
    this.activity = isBusy ? "busy" : "ready";
    if (this.status === "ready" || this.status === "busy") this.set(this.activity);
  }

  /** @param {string} method @throws {Error} if no Python can be called, even after a restart that is under way */
  mustBeUp(method) {
    this.mustNotHaveEnded(method);
    if (this.down === undefined) return;
    throw new Error(`${method}(): Python is not running; call restart(). ${this.down}`);
  }

  /** @param {string} method */
  mustNotHaveEnded(method) {
    if (this.ended === undefined) return;
    throw new Error(`${method}(): the runtime has ended (${this.ended}); start another`);
  }
}
