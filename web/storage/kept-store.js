// The event store of a notebook that this browser keeps.
//
// A batch is written as soon as it is committed, in one transaction with what was committed meanwhile, and told to the
// listeners when it is in the database. The order of the database is the order for all: between two batches of this
// tab stand those that other tabs wrote between them, so every tab tells the same events in the same order, and so
// does the next page.
//
//     commit -> #unkept -> database -> #line.tell      and in #line, which holds its place among the subscribers
//
// When the database refuses, nothing stops: batches are told at once and stay in #unkept, `failure` says so, and
// retry() opens the database anew and writes what is missing there; all of it, if the database is another one since
// the browser cleared its storage.

/** @import { EventListener, EventStore, LogEvent } from "../../js/types.d.ts" */
/** @import { Batch, Database } from "./database.js" */
/** @import { Remedy } from "./failures.js" */

import { signal } from "@preact/signals";

import { beginningOf, WELCOME } from "./beginning.js";
import { Lost, remedyOf, whyNotKept } from "./failures.js";
import { Line } from "./line.js";
import { checked, readStored } from "./stored-events.js";
import { leaveBehind, leftBehind } from "./unkept.js";
import { SeenDamage, Wholeness } from "./wholeness.js";

/** For how long a batch may be on its way before the page says that it is not saved yet. */
const LATE_MS = 300;

/**
 * @typedef {object} Options
 * @property {string} id of the notebook
 * @property {(fraction: number) => void} [onProgress] told how much of the notebook is read
 * @property {(onLost: (why: Lost["why"]) => void) => Promise<Database>} open
 * @property {() => Promise<readonly LogEvent[] | undefined>} readEarlier reads what an earlier version of the site kept
 * @property {readonly LogEvent[]} welcome what a new notebook begins with
 */

/** @implements {EventStore} */
export class KeptStore {
  /** Why the notebook is not kept, for the person; empty while it is. */
  failure = signal("");
  /** What helps against that. @type {Remedy} */
  remedy = "again";
  /** Whether something has been on its way to the database for longer than usual. */
  isLate = signal(false);
  /** What of the notebook is not there or could not be read, for the person; empty if it is whole. */
  damage = signal("");
  /** The damage that the person has seen, and put aside. */
  seen;
  /** Whether the database was read: if not, what the notebook held is not known here. */
  isRead = false;
  #options;
  #tab = newId();
  #count = 0;
  /** @type {Database | undefined} */
  #database;
  /** Which log the database holds. */
  #stamp = "";
  /** The last number of the database that was told. */
  #last = 0;
  #wholeness;
  /** What was committed here and is not in the database, in order. @type {(Batch & { since: number })[]} */
  #unkept = [];
  #line = new Line();
  /** Whether another tab has written something. */
  #isBehind = false;
  #hasLeft = false;
  /** @type {Promise<void> | undefined} */
  #working;
  /** @type {Promise<void> | undefined} */
  #retrying;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #lateness;
  #channel;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#wholeness = new Wholeness(options.id);
    this.seen = new SeenDamage(options.id);
    this.#channel = new BroadcastChannel(`runt-pyodide/notebook/${options.id}`);
    this.#channel.onmessage = () => void this.refresh();
  }

  /** Reads the notebook. If that fails, `failure` says why, and what is committed is kept in memory. */
  async open() {
    await this.#connect().catch((error) => {
      this.#line.tell({ id: WELCOME, events: this.#options.welcome });
      this.#fail(error);
    });
  }

  /** Lets go of the database. Nothing may be committed afterwards. */
  close() {
    clearTimeout(this.#lateness);
    this.#channel.close();
    this.#database?.close();
  }

  /** @type {EventStore["commit"]} */
  commit(...events) {
    const batch = {
      id: `${this.#tab}.${(this.#count += 1)}`,
      events: checked(events),
      since: performance.now(),
    };
    if (batch.events.length === 0) return;
    this.#unkept.push(batch);
    this.#line.add(batch);
    if (this.#lateness === undefined) this.#watch();
    queueMicrotask(() => void this.#work());
  }

  /** @param {EventListener} listener */
  subscribe(listener) {
    if (typeof listener !== "function") throw new TypeError("subscribe() takes a function");
    return this.#line.subscribe(listener);
  }

  /** Returns the events that were told, in order. */
  events() {
    return this.#line.events();
  }

  /** Whether everything that was committed here is in the database. */
  get isKept() {
    return this.#unkept.length === 0;
  }

  /** Resolves once everything is told that was committed before, here and in other tabs. */
  async refresh() {
    this.#isBehind = true;
    await this.#work();
  }

  /** Opens the database anew and writes what is missing there. If that fails, `failure` says why. */
  retry() {
    this.#retrying ??= this.#retry().finally(() => (this.#retrying = undefined));
    return this.#retrying;
  }

  /**
   * Keeps what is not in the database for the next page, since this one may go at any time.
   * @returns {boolean} whether the page can go without a loss
   */
  leave() {
    this.#wholeness.remember(this.#stamp, this.#last);
    if (this.isKept && !this.#hasLeft) return true;
    this.#hasLeft = !this.isKept;
    const hasRoom = leaveBehind(this.#options.id, this.#tab, this.#unkept);
    return hasRoom && this.failure.peek() === "";
  }

  async #retry() {
    await this.#working;
    this.#database?.close();
    await this.#connect().then(
      () => (this.failure.value = ""),
      (error) => this.#say(error),
    );
    await this.#work();
  }

  async #connect() {
    const { id, open } = this.#options;
    const database = await open((why) => this.#fail(new Lost(why)));
    this.#database = database;
    const [own, left] = [this.#unkept.slice(), leftBehind(id)];
    await database.addMissing([...(await this.#begin(database)), ...left.batches, ...own]);
    left.forget();
    await this.#read(database);
    this.#isWritten(own);
  }

  /** Reads what is new here, and says if the log is not whole. @param {Database} database */
  async #read(database) {
    const extent = await database.extent();
    this.#wholeness.compare(this.#stamp, extent);
    let count = 0;
    await this.#readUpTo(Infinity, () => this.#options.onProgress?.((count += 1) / extent.count));
    this.isRead = true;
    this.#wholeness.remember(this.#stamp, this.#last);
  }

  /**
   * Begins the log if nobody has.
   * @param {Database} database
   * @returns {Promise<Batch[]>} what was told, if this is not the log that it was read from
   */
  async #begin(database) {
    const told = this.#line.batches;
    const isNew = (await database.begun) === undefined;
    const first = isNew && !this.isRead ? await beginningOf(this.#options) : [];
    const stamp = newId();
    const begun = await database.begin(first, stamp);
    if (begun === this.#stamp) return [];
    if (isNew && begun === stamp && !this.isRead) this.#wholeness.expectNothing();
    this.#stamp = begun;
    this.#last = 0;
    // A page that could not read its notebook has shown another one's beginning.
    return this.isRead && begun === stamp ? told : told.filter(({ id }) => id !== WELCOME);
  }

  /** Writes and reads until there is nothing more to do; tells what is there if nothing can be written. */
  async #work() {
    if (this.failure.peek() !== "") this.#line.tellAll();
    else if (this.#hasWork) await (this.#working ??= this.#steps());
  }

  get #hasWork() {
    return this.failure.peek() === "" && (this.#isBehind || this.#unkept.length > 0);
  }

  async #steps() {
    try {
      while (this.#hasWork) await this.#step(/** @type {Database} */ (this.#database));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#working = undefined;
    }
  }

  /** @param {Database} database */
  async #step(database) {
    this.#isBehind = false;
    const batches = this.#unkept.slice();
    if (batches.length === 0) return this.#readUpTo(Infinity);
    const numbers = await database.append(batches, this.#last).catch(() => undefined);
    if (numbers === undefined) {
      // A page that opened while this one was hidden may have written what this one left behind.
      await database.addMissing(batches);
      await this.#readUpTo(Infinity);
    } else {
      const others = numbers.length - batches.length;
      if (others > 0) await this.#readUpTo(numbers[others]);
      this.#last = numbers[numbers.length - 1];
    }
    this.#isWritten(batches);
  }

  /** Tells what the database holds under the next numbers. @param {number} before @param {() => void} [onRow] */
  async #readUpTo(before, onRow = () => {}) {
    const database = /** @type {Database} */ (this.#database);
    for await (const { number, id, events } of database.read(this.#last, before)) {
      const { read, refused } = readStored(events);
      this.#line.tell({ id, events: read });
      this.#wholeness.refused += refused;
      this.#last = number;
      onRow();
    }
    this.damage.value = this.#wholeness.damage;
  }

  /** @param {readonly Batch[]} batches of our own, which the database has now */
  #isWritten(batches) {
    const written = new Set(batches);
    this.#unkept = this.#unkept.filter((batch) => !written.has(batch));
    this.#line.tellUpTo(batches.at(-1));
    if (batches.length > 0) this.#channel.postMessage("written");
    if (this.isKept) this.leave();
    this.#watch();
  }

  /** Says if what waits longest waits too long, now or when it will. */
  #watch() {
    clearTimeout(this.#lateness);
    const [oldest] = this.#unkept;
    const left = oldest ? oldest.since + LATE_MS - performance.now() : Infinity;
    this.isLate.value = left <= 0;
    const isWaiting = oldest && left > 0;
    this.#lateness = isWaiting ? setTimeout(() => this.#watch(), Math.ceil(left)) : undefined;
  }

  /** @param {unknown} error the first one counts, and one that says what became of the database */
  #fail(error) {
    if (error instanceof Lost || this.failure.peek() === "") this.#say(error);
    this.#line.tellAll();
  }

  /** @param {unknown} error */
  #say(error) {
    this.remedy = remedyOf(error);
    this.failure.value = whyNotKept(error, this.isRead);
  }
}

/** An id that no other tab has, now or later. */
function newId() {
  return crypto.randomUUID().slice(0, 13);
}
