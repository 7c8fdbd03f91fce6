// The page's end of the worker that asks the services, with the keys: what runs in Python's worker cannot look into it.
// If it ends, another takes its place, so that Python keeps its variables; only the requests that were open fail.

/** @import { HeldKey } from "./held-keys.js" */

import { newId } from "../../notebook/cell-events.js";
import { openWorker } from "../../place.js";
import { RestartLimit } from "../ends/restart-limit.js";

export class NetworkWorker {
  #connect;
  #limit = new RestartLimit();
  /** @type {Worker | undefined} */
  #worker;
  /** @type {{ held: readonly HeldKey[], secrets: readonly string[] }} */
  #keys = { held: [], secrets: [] };
  /** Who waits until the worker has its keys. @type {(() => void)[]} */
  #waiting = [];

  /**
   * @param {(port: MessagePort | undefined) => void} connect gives Python the way to the worker, or to none if it has
   *   ended too often
   */
  constructor(connect) {
    this.#connect = connect;
  }

  /** Starts the worker. @returns {MessagePort} Python's end of the way to it */
  open() {
    const worker = openWorker("runt-pyodide network");
    this.#worker = worker;
    const lock = `runt-pyodide/worker/${newId()}`;
    worker.addEventListener("message", ({ data }) => {
      if (worker !== this.#worker) return; // it was posted before the end
      if (data.type === "locked") this.#waiting.shift()?.();
      else if (data.type === "held") this.#watch(worker, lock);
      else this.#replace(worker);
    });
    worker.addEventListener("error", () => this.#replace(worker));
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ type: "network", lock, python: port1 }, [port1]);
    return port2;
  }

  /** Resolves once requests go out with these keys. @param {readonly HeldKey[]} held @param {readonly string[]} secrets */
  async setKeys(held, secrets) {
    this.#keys = { held, secrets };
    if (!this.#worker) return;
    /** @type {Promise<void>} */
    const locked = new Promise((resolve) => this.#waiting.push(resolve));
    this.#tellKeys();
    await locked;
  }

  close() {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #tellKeys() {
    this.#worker?.postMessage({ type: "keys", ...this.#keys });
  }

  /** A worker that ends without a word releases its lock. @param {Worker} worker @param {string} lock */
  #watch(worker, lock) {
    void navigator.locks.request(lock, () => this.#replace(worker)).catch(() => {});
  }

  /** @param {Worker} worker that has ended */
  #replace(worker) {
    if (worker !== this.#worker) return;
    this.close();
    if (!this.#limit.judge(new Error("the network")).isRestarted) return this.#connect(undefined);
    const port = this.open();
    this.#tellKeys();
    return this.#connect(port);
  }
}
