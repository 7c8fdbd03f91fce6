// The module worker in which Python runs: passes messages to the engine. The page's end is link.js. The same module is
// the worker that asks the services with the keys, and the one that signs in, in which no Python runs: its first
// message says which it is.

/** @import { EngineSettings, Engine } from "./engine.js" */
/** @import { HeldKey } from "./keys/held-keys.js" */
/** @import { FileChange } from "../types.d.ts" */

import { messageOf } from "./boot/python-values.js";
import { bootEngine } from "./engine.js";
import { Network } from "./keys/network.js";
import { Requests, serve } from "./keys/relay.js";
import { exchange } from "./sign-in/exchange.js";

/**
 * The messages, in both directions. Batches of events stay JSON text until they are used.
 * @typedef {{ type: "boot", lock: string, settings: EngineSettings, network: MessagePort }
 *   | { type: "connect", network?: MessagePort }
 *   | { type: "network", lock: string, python: MessagePort }
 *   | { type: "keys", held: readonly HeldKey[], secrets: readonly string[] }
 *   | { type: "exchange", asked: Parameters<typeof exchange>[0] }
 *   | { type: "receive", text: string }
 *   | { type: "settle", text: string }
 *   | { type: "files", changes: readonly FileChange[] }
 *   | { type: "call", id: number, method: string, params: string }} ToWorker
 * @typedef {{ type: "booted" }
 *   | { type: "locked" }
 *   | { type: "exchanged", exchanged: import("./sign-in/exchange.js").Exchanged }
 *   | { type: "failed", stage?: string, message: string }
 *   | { type: "progress", progress: import("../types.d.ts").BootProgress }
 *   | { type: "emit", text: string }
 *   | { type: "propose", text: string }
 *   | { type: "ask", text: string }
 *   | { type: "withdraw", id: string }
 *   | { type: "wrote", changes: readonly FileChange[] }
 *   | { type: "log", level: string, text: string }
 *   | { type: "held" }
 *   | { type: "took", number: number }
 *   | { type: "reply", id: number, text: string }} FromWorker
 */

/** @type {Engine | undefined} */
let engine;

/** @param {FromWorker} message */
const send = (message) => globalThis.postMessage(message);

/** Of the worker that asks the services. */
const network = new Network();

/** Of the worker in which Python runs. */
const requests = new Requests();

const host = {
  emit: (/** @type {string} */ text) => send({ type: "emit", text }),
  propose: (/** @type {string} */ text) => send({ type: "propose", text }),
  ask: (/** @type {string} */ text) => send({ type: "ask", text }),
  withdraw: (/** @type {string} */ id) => send({ type: "withdraw", id }),
  log: (/** @type {string} */ level, /** @type {string} */ text) =>
    send({ type: "log", level, text }),
  took: (/** @type {number} */ number) => send({ type: "took", number }),
  progress: (/** @type {import("../types.d.ts").BootProgress} */ progress) =>
    send({ type: "progress", progress }),
  wrote: (/** @type {readonly FileChange[]} */ changes) => send({ type: "wrote", changes }),
  died: (/** @type {Error} */ { message }) => send({ type: "failed", message }),
  isAlone: true,
};

/** @param {ToWorker} message */
async function take(message) {
  if (message.type === "boot") {
    holdLock(message.lock);
    requests.connect(message.network);
    engine = await bootEngine(message.settings, { ...host, fetch: requests.fetch });
    send({ type: "booted" });
  } else if (message.type === "connect") {
    requests.connect(message.network);
  } else if (message.type === "network") {
    holdLock(message.lock);
    serve(network, message.python);
  } else if (message.type === "keys") {
    network.setKeys(message.held, message.secrets);
    send({ type: "locked" });
  } else if (message.type === "exchange") {
    send({ type: "exchanged", exchanged: await exchange(message.asked) });
  } else if (!engine) {
    throw new Error(`"${message.type}" before the boot`);
  } else if (message.type === "receive") {
    engine.receive(message.text);
  } else if (message.type === "settle") {
    engine.settle(message.text);
  } else if (message.type === "files") {
    engine.putFiles(message.changes);
  } else {
    send({
      type: "reply",
      id: message.id,
      text: await engine.call(message.method, message.params),
    });
  }
}

/** Holds a lock while this worker lives: the page waits for it, and so hears of the end. @param {string} lock */
function holdLock(lock) {
  const hold = () => {
    send({ type: "held" });
    return new Promise(() => {});
  };
  // Old browsers and pages on plain HTTP have no locks, and a frame without an origin may not use them.
  globalThis.navigator?.locks?.request(lock, hold).catch(() => {});
}

globalThis.addEventListener("message", (event) => {
  // The bridge returns its own failures as JSON, so an exception here means that Python is broken.
  take(event.data).catch((error) => {
    send({ type: "failed", stage: error.stage, message: messageOf(error) });
  });
});
