// Fetches the files of locked packages: with their progress, and each checked by its SHA-256. A package is handed out
// once all that it needs is there, so that nothing is installed that cannot be imported.

/** @import { LockedPackage, LockedPackages } from "./locked-packages.js" */

import { KeptPackages } from "./kept-packages.js";
import { LoadReports } from "./load-reports.js";
import {
  anotherFile,
  notHere,
  notReached,
  PackageError,
  refused,
  webPage,
} from "./package-error.js";

/** How long a server may say nothing. */
const SILENCE_MS = 60_000;

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {(bytes: Bytes) => Promise<string>} Digest returns the SHA-256 in hexadecimal */

export class PackageFiles {
  #lock;
  #digest;
  #kept;
  #silenceMs;
  #reports = new LoadReports();
  /** What is being read, by name. @type {Map<string, Promise<Bytes>>} */
  #reading = new Map();
  /** Ends what is being fetched, with a reason for people. @type {Set<AbortController>} */
  #fetching = new Set();

  /**
   * @param {LockedPackages} lock
   * @param {Digest} digest
   * @param {{ kept?: KeptPackages, silenceMs?: number }} [world]
   */
  constructor(lock, digest, { kept = new KeptPackages(), silenceMs = SILENCE_MS } = {}) {
    this.#lock = lock;
    this.#digest = digest;
    this.#kept = kept;
    this.#silenceMs = silenceMs;
  }

  /**
   * Reports what is loaded from here on, until `unwatch`.
   * @param {(report: string) => void} tell takes a LoadReport as JSON, the whole of it each time
   * @returns {number} the number of the watch
   */
  watch(tell) {
    return this.#reports.open(tell);
  }

  /**
   * Ends a watch.
   * @param {number} number
   * @param {boolean} isStopped whether to give up what is being fetched, unless others watch it too
   */
  unwatch(number, isStopped) {
    const left = this.#reports.close(number);
    if (!isStopped || left > 0) return;
    for (const one of this.#fetching) one.abort("it was stopped");
  }

  /**
   * Returns a package's file.
   * @param {string} name
   * @param {(name: string) => boolean} isLoaded
   * @throws {PackageError} if it, or a package that it needs, cannot be loaded
   */
  async read(name, isLoaded) {
    const needed = this.#lock.needed(name, isLoaded);
    const read = await Promise.allSettled(needed.map((one) => this.#share(one)));
    for (const one of read) {
      if (one.status === "fulfilled") continue;
      throw one.reason instanceof PackageError ? this.fail(one.reason.of(needed[0])) : one.reason;
    }
    return /** @type {PromiseFulfilledResult<Bytes>} */ (read[0]).value;
  }

  /** Reports a failure, and returns it. @param {PackageError} error */
  fail(error) {
    this.#reports.fail(error);
    return error;
  }

  /** Reads a file, once for all that ask at the same time. @param {LockedPackage} one */
  #share(one) {
    const reading = this.#reading.get(one.name) ?? this.#read(one);
    this.#reading.set(one.name, reading);
    const forget = () => void this.#reading.delete(one.name);
    reading.then(forget, forget);
    return reading;
  }

  /** @param {LockedPackage} one */
  async #read(one) {
    this.#reports.take(one, 0);
    const isElsewhere = this.#lock.isElsewhere(one);
    const kept = isElsewhere ? await this.#kept.get(one) : undefined;
    // Code in a cell can have put another file there.
    const isKept = kept && (await this.#digest(kept)) === one.sha256;
    const bytes = isKept ? kept : await this.#fetch(one);
    this.#reports.take(one, bytes.length, bytes.length);
    if (isElsewhere && !isKept) await this.#kept.put(one, bytes);
    return bytes;
  }

  /** @param {LockedPackage} one */
  async #fetch(one) {
    const address = this.#lock.addressOf(one);
    if (address === undefined) throw notHere(one);
    const { bytes, isPage } = await this.#download(one, address);
    const sha256 = await this.#digest(bytes);
    if (sha256 === one.sha256) return bytes;
    throw isPage ? webPage(one, address) : anotherFile(one, address, sha256);
  }

  /** @param {LockedPackage} one @param {string} address */
  async #download(one, address) {
    const ended = new AbortController();
    const { signal } = ended;
    const silent = () => ended.abort(`it sent nothing for ${this.#silenceMs / 1000} seconds`);
    let watch = setTimeout(silent, this.#silenceMs);
    this.#fetching.add(ended);
    try {
      const response = await fetch(address, { signal });
      if (!response.ok) throw refused(one, address, response.status);
      const size = sizeOf(response);
      const pieces = [];
      let bytes = 0;
      for await (const piece of piecesOf(response)) {
        clearTimeout(watch);
        watch = setTimeout(silent, this.#silenceMs);
        pieces.push(piece);
        this.#reports.take(one, (bytes += piece.length), size);
      }
      return { bytes: await joined(pieces), isPage: isPage(response) };
    } catch (error) {
      if (error instanceof PackageError) throw error;
      throw notReached(one, address, signal.aborted ? String(signal.reason) : whyNoAnswer());
    } finally {
      clearTimeout(watch);
      this.#fetching.delete(ended);
    }
  }
}

/** The size of what will come; undefined if it is not told, or told of what the browser decodes. @param {Response} response */
function sizeOf({ headers }) {
  const isEncoded = headers.has("content-encoding");
  return isEncoded ? undefined : Number(headers.get("content-length")) || undefined;
}

/** @param {Response} response @returns {AsyncGenerator<Bytes>} */
async function* piecesOf({ body }) {
  if (!body) return;
  const reader = body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    yield /** @type {Bytes} */ (next.value);
  }
}

/** @param {Bytes[]} pieces */
async function joined(pieces) {
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** @param {Response} response */
function isPage({ headers }) {
  return (headers.get("content-type") ?? "").startsWith("text/html");
}

function whyNoAnswer() {
  const isOffline = globalThis.navigator?.onLine === false;
  return isOffline ? "this browser is offline" : "there is no answer that this page may read";
}
