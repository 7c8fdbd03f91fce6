// A Web Worker for Node, as much of one as js/link.js and js/worker.js use, over worker_threads.

import { Worker as Thread } from "node:worker_threads";

const BOOTSTRAP = `
  import { parentPort, workerData } from "node:worker_threads";
  globalThis.postMessage = (data) => parentPort.postMessage(data);
  globalThis.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ data }));
  globalThis.crash = () => { throw new Error("out of memory"); };
  await import(workerData);
`;

export class WebWorker extends EventTarget {
  #thread;

  /** @type {Set<WebWorker>} */
  static alive = new Set();

  /** @param {URL} url */
  constructor(url) {
    super();
    const code = `data:text/javascript,${encodeURIComponent(BOOTSTRAP)}`;
    this.#thread = new Thread(new URL(code), { workerData: url.href });
    this.#thread.on("message", (data) => this.dispatchEvent(new MessageEvent("message", { data })));
    this.#thread.on("error", ({ message }) => {
      this.dispatchEvent(Object.assign(new Event("error"), { message }));
    });
    WebWorker.alive.add(this);
  }

  /** @param {any} message @param {any[]} [transferred] */
  postMessage(message, transferred) {
    this.#thread.postMessage(message, transferred);
  }

  terminate() {
    WebWorker.alive.delete(this);
    void this.#thread.terminate();
  }
}
