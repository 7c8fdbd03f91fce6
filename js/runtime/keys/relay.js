// The two ends of a port between Python's worker and the network's: requests go one way, answers the other, piece by
// piece. Neither end is trusted with more than what crosses.

/** @import { Asked, Head, Network } from "./network.js" */

/**
 * @typedef {{ type: "fetch", id: number, asked: Asked }
 *   | { type: "more", id: number, taken: number }
 *   | { type: "abort", id: number }} ToNetwork
 * @typedef {{ type: "head", id: number, head: Head, hasBody: boolean }
 *   | { type: "piece", id: number, bytes: Uint8Array<ArrayBuffer> }
 *   | { type: "end", id: number }
 *   | { type: "failed", id: number, name: string, message: string }} FromNetwork
 */

// How many pieces may wait to be read; as many more may be under way.
const AHEAD = 16;

/** Answers the requests of a port. @param {Network} network @param {MessagePort} port */
export function serve(network, port) {
  /** @type {Map<number, Serving>} */
  const open = new Map();
  port.onmessage = ({ data }) => {
    const message = /** @type {ToNetwork} */ (data);
    const { id } = message;
    if (message.type === "fetch") {
      const serving = new Serving(id, port);
      open.set(id, serving);
      void serving.run(network, message.asked).finally(() => open.delete(id));
    } else if (message.type === "more") open.get(id)?.allow(message.taken);
    else open.get(id)?.abort();
  };
}

class Serving {
  #id;
  #port;
  #abort = new AbortController();
  #allowed = 2 * AHEAD;
  #resume = () => {};

  /** @param {number} id @param {MessagePort} port */
  constructor(id, port) {
    this.#id = id;
    this.#port = port;
  }

  /** @param {Network} network @param {Asked} asked */
  async run(network, asked) {
    try {
      const { head, body } = await network.fetch(asked, this.#abort.signal);
      this.#post({ type: "head", id: this.#id, head, hasBody: body !== undefined });
      const reader = body?.getReader();
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done || !value) break;
        const bytes = value.slice();
        this.#post({ type: "piece", id: this.#id, bytes }, [bytes.buffer]);
        if (--this.#allowed <= 0) await new Promise((resolve) => (this.#resume = () => resolve(0)));
        this.#abort.signal.throwIfAborted();
      }
      this.#post({ type: "end", id: this.#id });
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      this.#post({ type: "failed", id: this.#id, name, message });
    }
  }

  /** @param {number} taken */
  allow(taken) {
    this.#allowed += taken;
    this.#resume();
  }

  abort() {
    this.#abort.abort();
    this.#resume();
  }

  /** @param {FromNetwork} message @param {Transferable[]} [transferred] */
  #post(message, transferred = []) {
    this.#port.postMessage(message, transferred);
  }
}

// As runt_pyodide/llm/transport/pyfetch.py knows them.
const LOST = "the part of the page that sends requests ended";
const LOST_TOO_OFTEN = `${LOST} too often`;

/** The requests of Python, which the network's worker answers. */
export class Requests {
  /** @type {Map<number, (message: FromNetwork) => void>} */
  #waiting = new Map();
  #last = 0;
  /** @type {MessagePort | undefined} */
  #port;

  /**
   * Sends requests this way from now on. Those that wait for answers over another one fail.
   * @param {MessagePort | undefined} port undefined if there is none any more: all requests fail
   */
  connect(port) {
    this.#port?.close();
    this.#port = port;
    if (port) port.onmessage = ({ data }) => this.#waiting.get(data.id)?.(data);
    const message = port ? LOST : LOST_TOO_OFTEN;
    for (const [id, take] of [...this.#waiting]) {
      take({ type: "failed", id, name: "TypeError", message });
    }
  }

  /** Is used like the browser's own. @param {string | Request} request @param {any} [options] @returns {Promise<Response>} */
  fetch = (request, options = {}) =>
    new Promise((resolve, reject) => {
      const port = this.#port;
      if (!port) return reject(new TypeError(LOST_TOO_OFTEN));
      const id = ++this.#last;
      const { signal } = options;
      const abort = () => {
        port.postMessage({ type: "abort", id });
        this.#waiting.delete(id);
        reject(new DOMException("The request was aborted.", "AbortError"));
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort, { once: true });
      const close = () => this.#waiting.delete(id);
      this.#waiting.set(id, new Answer(id, port, close, resolve, reject).take);
      port.postMessage({ type: "fetch", id, asked: copied(request, options) });
      return undefined;
    });
}

/** An answer as it comes. */
class Answer {
  #id;
  #port;
  #close;
  #resolve;
  #reject;
  /** @type {ReadableStreamDefaultController<Uint8Array> | undefined} */
  #controller;
  /** How many pieces have come that the sender was not told of. */
  #untold = 0;

  /**
   * @param {number} id
   * @param {MessagePort} port
   * @param {() => void} close
   * @param {(response: Response) => void} resolve
   * @param {(error: Error) => void} reject
   */
  constructor(id, port, close, resolve, reject) {
    this.#id = id;
    this.#port = port;
    this.#close = close;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** @param {FromNetwork} message */
  take = (message) => {
    if (message.type === "head") this.#open(message.head, message.hasBody);
    else if (message.type === "piece") {
      this.#untold += 1;
      this.#controller?.enqueue(message.bytes);
    } else {
      this.#close();
      if (message.type === "end") this.#controller?.close();
      else this.#fail(message.name, message.message);
    }
  };

  /** @param {Head} head @param {boolean} hasBody */
  #open({ status, statusText, headers }, hasBody) {
    const mayHaveBody = hasBody && ![204, 205, 304].includes(status);
    const body = mayHaveBody ? this.#stream() : null;
    // A redirect that is not followed has the status 0, which no Response can be made with.
    this.#resolve(new Response(body, { status: status || 302, statusText, headers }));
  }

  #stream() {
    const id = this.#id;
    return new ReadableStream(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => {
          // Called only while there is room for more.
          if (this.#untold > 0) this.#port.postMessage({ type: "more", id, taken: this.#untold });
          this.#untold = 0;
        },
        cancel: () => {
          this.#controller = undefined;
          this.#close();
          this.#port.postMessage({ type: "abort", id });
        },
      },
      { highWaterMark: AHEAD },
    );
  }

  /** @param {string} name @param {string} message */
  #fail(name, message) {
    const error = name === "AbortError" ? new DOMException(message, name) : new TypeError(message);
    this.#controller?.error(error);
    this.#reject(error);
  }
}

/**
 * What of a request can be copied.
 * @param {string | Request} request Pyodide gives a Request, made of the same options
 * @param {any} options
 * @returns {Asked}
 */
export function copied(request, { method = "GET", headers = {}, body, redirect }) {
  return {
    url: typeof request === "string" ? request : request.url,
    method,
    headers: Object.fromEntries(headers instanceof Headers ? headers : Object.entries(headers)),
    // Python's bytes may be a view of all its memory.
    body: typeof body === "string" || body === undefined ? body : new Uint8Array(body),
    redirect,
  };
}
