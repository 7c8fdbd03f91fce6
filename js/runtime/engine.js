// Boots Pyodide with the package, and is Python's end of the border. It runs in the worker, or on the page's
// thread. Only JSON text crosses the border; every proxy made here is destroyed here.

/** @import { BootProgress, FileChange } from "../types.d.ts" */
/** @import { HeldKey } from "./keys/held-keys.js" */
/** @import { PackageFiles } from "./packages/package-files.js" */

import { reachAllMemory } from "./boot/heap.js";
import { loadRuntime, takeOverFetching } from "./boot/packages.js";
import { BootProgressReport } from "./boot/progress.js";
import { loadPython } from "./boot/python.js";
import { messageOf, settled } from "./boot/python-values.js";
import { openFolder } from "./files/folder.js";

/**
 * What the engine needs, in the form in which it is sent to the worker.
 * @typedef {object} EngineSettings
 * @property {string} pyodideURL absolute, with a slash at its end
 * @property {string} indexURL absolute
 * @property {string | null} [distributionURL] absolute, with a slash at its end, or null: as in LockedPackages
 * @property {string[]} packages
 * @property {string} optionsText JSON for runt_pyodide.bridge.connect
 * @property {Int32Array} [signal] shared with the page: see SIGNAL
 * @property {readonly FileChange[]} [files] of the notebook; without them, Python's files are of the session
 */

/**
 * The facade that Python sees (emit, propose, ask, withdraw, log, fetch, took; beside packages, a PackageFiles), and the
 * callbacks for the boot and for a crash.
 * @typedef {object} EngineHost
 * @property {(request: string | Request, options?: any) => Promise<Response>} fetch puts the keys into requests of Python
 * @property {(text: string) => void} emit takes a JSON array of events: one batch for the store
 * @property {(text: string) => void} propose takes a Proposal of outbox.js as JSON, which `settle` answers
 * @property {(text: string) => void} ask takes a JSON object: a question for the person
 * @property {(questionId: string) => void} withdraw
 * @property {(level: string, text: string) => void} log
 * @property {(number: number) => void} took this interrupt has arrived in Python
 * @property {(progress: BootProgress) => void} progress
 * @property {(changes: readonly FileChange[]) => void} wrote Python has changed files of the notebook
 * @property {(reason: Error) => void} died
 * @property {boolean} [isAlone] nothing else runs on this thread
 */

/**
 * @typedef {object} Engine
 * @property {(text: string) => void} receive gives Python a JSON array of events from the store
 * @property {(text: string) => void} settle gives Python the answer to a proposal, a Settlement of outbox.js as JSON
 * @property {(changes: readonly FileChange[]) => void} putFiles shows Python what has changed in the notebook's files
 * @property {(method: string, paramsText: string) => Promise<string>} call resolves to JSON text
 * @property {(number: number, key: number) => boolean} interrupt signals a busy Python: the number of the interrupt
 *   and the key of the execution, or 0 for code that belongs to none; returns whether that is possible
 * @property {(reason?: Error) => void} close calls that wait reject with the reason
 *
 * An engine as the page has it, with the network that its requests go through.
 * @typedef {Engine & { setKeys: (held: readonly HeldKey[], secrets: readonly string[]) => Promise<void> }} LinkedEngine
 */

/** What the places of the shared memory hold: SIGINT for Pyodide, and for whom it is. */
const SIGNAL = { flag: 0, number: 1, key: 2 };
const SIGINT = 2;

const UNCAUGHT = ["error", "unhandledrejection"];

/**
 * @param {EngineSettings} settings
 * @param {EngineHost} host
 * @returns {Promise<Engine>}
 */
export async function bootEngine(settings, host) {
  const progress = new BootProgressReport(host.progress);
  try {
    return await boot(settings, host, progress);
  } finally {
    progress.end();
  }
}

/**
 * @param {EngineSettings} settings
 * @param {EngineHost} host
 * @param {BootProgressReport} progress
 * @returns {Promise<Engine>}
 */
async function boot(settings, host, progress) {
  progress.begin("pyodide", "Loading Python", 0.05);
  const pyodide = await inStage("pyodide", () => loadPython(settings, host.log));
  reachAllMemory(pyodide._module);
  // The only way to learn that the interpreter has crashed, or was ended by os._exit(); otherwise pending
  // calls would wait forever. Pyodide's own console page relies on it.
  pyodide._api.on_fatal = (/** @type {unknown} */ error) => {
    folder?.flush();
    host.died(new Error(messageOf(error)));
  };
  progress.begin("packages", "Loading packages", 0.5);
  const { pyodideURL, distributionURL, indexURL } = settings;
  const files = takeOverFetching(pyodide, pyodideURL, distributionURL);
  await inStage("packages", () =>
    loadRuntime(pyodide, settings.packages, indexURL, () =>
      progress.begin("packages", "Installing the runtime", 0.7),
    ),
  );
  progress.begin("start", "Starting the runtime", 0.85);
  const folder = settings.files && openFolder(pyodide.FS, settings.files, host.wrote);
  const emit = folder ? folder.before(host.emit) : host.emit;
  const bridge = await inStage("start", () => connect(pyodide, settings, { ...host, emit }, files));
  const stopWatching = watchErrors(pyodide, bridge, host);
  return {
    receive: (text) => void bridge.receive(text),
    settle: (text) => void bridge.settle(text),
    putFiles: (changes) => folder?.put(changes),
    call: (method, paramsText) => settled(bridge.call(method, paramsText)),
    interrupt: () => false, // the caller occupies the thread that Python runs on
    close() {
      stopWatching();
      bridge.destroy();
    },
  };
}

/**
 * @param {any} pyodide
 * @param {EngineSettings} settings
 * @param {EngineHost} host
 * @param {PackageFiles} packages
 */
function connect(pyodide, { optionsText, signal }, host, packages) {
  const { emit, propose, ask, withdraw, log, fetch, took } = host;
  const module = pyodide.pyimport("runt_pyodide.bridge");
  try {
    const side = readSignal(pyodide, signal);
    const facade = { emit, propose, ask, withdraw, log, fetch, took, packages, ...side };
    return module.connect(optionsText, facade);
  } finally {
    module.destroy();
  }
}

/**
 * Takes the errors of callbacks and promises that nothing catches. Python's go to the cell that made the callback. Those
 * of JavaScript that a cell has started are logged: a page would take them for a breakdown of its worker. If Python
 * itself breaks down, on_fatal is called.
 * @param {any} pyodide
 * @param {any} bridge
 * @param {EngineHost} host
 * @returns {() => void} stops it
 */
function watchErrors(pyodide, bridge, { isAlone, log }) {
  const take = (/** @type {any} */ event) => {
    const error = event.error ?? event.reason ?? event.message;
    if (error instanceof pyodide.ffi.PythonError) bridge.fail(error.__error_address, error.message);
    else if (isAlone)
      log("error", `JavaScript raised an error that nothing caught: ${messageOf(error)}`);
    else return;
    event.preventDefault();
  };
  // Node's global object takes no listeners.
  for (const name of UNCAUGHT) globalThis.addEventListener?.(name, take);
  return () => {
    for (const name of UNCAUGHT) globalThis.removeEventListener?.(name, take);
  };
}

/** Signals a Python in another thread. @param {Int32Array} signal @param {number} number @param {number} key */
export function sendSignal(signal, number, key) {
  Atomics.store(signal, SIGNAL.flag, 0); // what is half written must not be read
  Atomics.store(signal, SIGNAL.number, number);
  Atomics.store(signal, SIGNAL.key, key);
  Atomics.store(signal, SIGNAL.flag, SIGINT);
  return true;
}

/**
 * Lets Python see the page's signal. It decides where the signal strikes, and may have it repeated.
 * @param {any} pyodide
 * @param {Int32Array | undefined} signal
 */
function readSignal(pyodide, signal) {
  if (!signal) return { signalled: () => "0 0", hold() {} };
  pyodide.setInterruptBuffer(signal);
  return {
    signalled: () => `${signal[SIGNAL.number]} ${signal[SIGNAL.key] >>> 0}`,
    hold: () => void (signal[SIGNAL.flag] = SIGINT),
  };
}

/**
 * Runs one stage of the boot; if it fails, the error names the stage.
 * @template T
 * @param {BootProgress["stage"]} stage
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
async function inStage(stage, work) {
  try {
    return await work();
  } catch (error) {
    throw Object.assign(new Error(messageOf(error), { cause: error }), { stage });
  }
}
