// The files of a notebook that this browser keeps: one database for each notebook. What a file holds is never changed, but
// replaced by another row, so that a Blob that is being read stays as it is; names are apart, so that renaming copies
// nothing. All changes of one call are made in one transaction.

/** @import { FileChange, FileListener, FileStore, StoredFile } from "../../../js/types.d.ts" */
/** @import { IDBPDatabase } from "idb" */

import { deleteDB, openDB } from "idb";

import { messageOf } from "../../render/error.js";
import { checkFileChanges } from "../../../js/index.js";

/** A file by its path: the number of what it holds. @typedef {{ content: number, modifiedAt: number }} Row */

/** @param {{ name?: string }} error */
function whyNotStored(error) {
  switch (error.name) {
    case "QuotaExceededError":
    case "AbortError": // it does not always say why
      return "The storage that the browser allows this site is full. Delete files in the Files panel, or other notebooks, and try again.";
    case "NotFoundError":
    case "NotReadableError":
    case "DataError":
      return "The browser cannot read it any more. Add it again.";
    default:
      return `${messageOf(error)}. Try again.`;
  }
}

/** @param {string} id of a notebook */
const nameOf = (id) => `runt-pyodide/files/${id}`;

/** @implements {FileStore} */
export class KeptFiles {
  #id;
  /** @type {Promise<IDBPDatabase> | undefined} */
  #database;
  /** Calls are made one after the other. @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** The numbers under which Blobs are kept that were given out. @type {WeakMap<Blob, number>} */
  #numbers = new WeakMap();
  /** What is known to be there: the number of each path. @type {Map<string, number>} */
  #known = new Map();
  /** @type {Set<FileListener>} */
  #listeners = new Set();
  #channel;

  /** @param {string} id of the notebook */
  constructor(id) {
    this.#id = id;
    this.#channel = new BroadcastChannel(nameOf(id));
    this.#channel.onmessage = () => void this.#follow();
  }

  /** @returns {Promise<StoredFile[]>} */
  list() {
    return this.#inTurn(async (db) => this.#read(db));
  }

  /** @param {readonly FileChange[]} changes @param {unknown} [source] */
  async write(changes, source) {
    const read = checkFileChanges(changes);
    if (read.length === 0) return;
    const made = await this.#inTurn(async (db) => {
      await this.#save(db, read).catch((error) => {
        throw new Error(whyNotStored(error), { cause: error });
      });
      return this.#changesIn(await this.#read(db), read);
    });
    this.#channel.postMessage(null);
    for (const listener of [...this.#listeners]) listener(made, source);
  }

  /** @param {FileListener} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close() {
    this.#channel.close();
    void this.#database?.then((db) => db.close()).catch(() => {});
  }

  /** Tells what another tab has changed. */
  async #follow() {
    const before = new Map(this.#known);
    const files = await this.list().catch(() => []);
    const gone = [...before.keys()].filter((path) => !this.#known.has(path));
    const changes = [
      ...gone.map((path) => ({ path, content: null })),
      ...files.filter(({ path }) => before.get(path) !== this.#known.get(path)),
    ];
    if (changes.length === 0) return;
    for (const listener of [...this.#listeners]) listener(changes);
  }

  /** The changes as they are kept now: with the Blobs of the database. @param {StoredFile[]} files @param {FileChange[]} changes */
  #changesIn(files, changes) {
    const kept = new Map(files.map((file) => [file.path, file]));
    return changes.map(({ path }) => kept.get(path) ?? { path, content: null });
  }

  /** @param {IDBPDatabase} db @returns {Promise<StoredFile[]>} */
  async #read(db) {
    const tx = db.transaction(["files", "contents"]);
    const [paths, rows, numbers, contents] = await Promise.all([
      tx.objectStore("files").getAllKeys(),
      tx.objectStore("files").getAll(),
      tx.objectStore("contents").getAllKeys(),
      tx.objectStore("contents").getAll(),
    ]);
    const byNumber = new Map(numbers.map((number, place) => [Number(number), contents[place]]));
    this.#known.clear();
    return paths.flatMap((path, place) => {
      const { content: number, modifiedAt } = /** @type {Row} */ (rows[place]);
      const content = byNumber.get(number);
      if (!content) return []; // the browser has lost it
      this.#numbers.set(content, number);
      this.#known.set(String(path), number);
      return { path: String(path), content, modifiedAt };
    });
  }

  /** @param {IDBPDatabase} db @param {readonly FileChange[]} changes */
  async #save(db, changes) {
    const tx = db.transaction(["files", "contents"], "readwrite");
    tx.done.catch(() => {}); // its error is thrown below
    const [files, contents] = [tx.objectStore("files"), tx.objectStore("contents")];
    const work = async () => {
      for (const { path, content, modifiedAt = Date.now() } of changes) {
        if (content === null) await files.delete(path);
        else await files.put({ content: await this.#keep(contents, content), modifiedAt }, path);
      }
      const used = new Set((await files.getAll()).map(({ content }) => content));
      for (const number of await contents.getAllKeys()) {
        if (!used.has(Number(number))) await contents.delete(number);
      }
    };
    const [result] = await Promise.allSettled([work()]);
    if (result.status === "rejected") {
      try {
        tx.abort();
      } catch {
        // It has been aborted.
      }
    }
    await tx.done.catch((error) => {
      throw tx.error ?? (result.status === "rejected" ? result.reason : error);
    });
    if (result.status === "rejected") throw result.reason;
  }

  /** Returns the number under which a Blob is kept. @param {any} contents @param {Blob} blob @returns {Promise<number>} */
  async #keep(contents, blob) {
    const known = this.#numbers.get(blob);
    if (known !== undefined && (await contents.getKey(known)) !== undefined) return known;
    return contents.add(blob);
  }

  /** @template T @param {(db: IDBPDatabase) => Promise<T>} work @returns {Promise<T>} */
  #inTurn(work) {
    const next = this.#last.then(async () => work(await (this.#database ??= this.#open())));
    this.#last = next.catch(() => {});
    return next;
  }

  async #open() {
    const forget = () => (this.#database = undefined);
    try {
      return await openDB(nameOf(this.#id), 1, {
        upgrade(fresh) {
          fresh.createObjectStore("files");
          fresh.createObjectStore("contents", { autoIncrement: true });
        },
        blocking(_, __, event) {
          /** @type {IDBDatabase} */ (event.target).close();
          forget();
        },
        terminated: forget,
      });
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/** Keeps files of a notebook that this page does not show. @param {string} id @param {readonly FileChange[]} files */
export async function writeFiles(id, files) {
  const kept = new KeptFiles(id);
  try {
    await kept.write(files);
  } finally {
    kept.close();
  }
}

/** Copies all files of a notebook to another. @param {string} from @param {string} to ids of notebooks */
export async function copyFiles(from, to) {
  const [source, target] = [new KeptFiles(from), new KeptFiles(to)];
  try {
    await target.write(await source.list());
  } finally {
    source.close();
    target.close();
  }
}

/** @param {string} id of a notebook */
export async function deleteFiles(id) {
  await deleteDB(nameOf(id));
}
