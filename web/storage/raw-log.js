// Everything that the browser holds of a notebook, as it is: for a person whose notebook cannot be opened, or not
// whole. It reads what any version of the page has written, and changes nothing.

import { openDB } from "idb";

import { nameOf } from "./database.js";
import { earlierFiles } from "./earlier/earlier.js";
import { textsLeftBehind } from "./unkept.js";

const ROWS_AT_ONCE = 500;
const PATIENCE_MS = 20_000;

/**
 * Returns JSON lines. The first one tells of the notebook; each other one is a row of its database (`table`, `key`,
 * `value`), an error where a table cannot be read further, what a page left in localStorage (`key`, `text`), or a file
 * of an earlier version (`path`, `base64`).
 * @param {string} id of the notebook
 * @returns {Promise<Blob>}
 * @throws if the browser's storage gives nothing, or does not answer
 */
export async function readRawLog(id) {
  const parts = [line({ notebook: id, exportedAt: new Date().toISOString() })];
  for await (const row of answering(rowsOf(id))) parts.push(line(row));
  for (const text of textsLeftBehind(id)) parts.push(line(text));
  for await (const { path, file } of answering(earlierFiles(id))) {
    parts.push(line({ path, base64: await base64Of(file) }));
  }
  if (parts.length === 1) throw new Error("The browser’s storage holds nothing of this notebook.");
  return new Blob(parts, { type: "application/jsonl" });
}

/** @param {string} id @returns {AsyncGenerator<object>} */
async function* rowsOf(id) {
  const db = await openAsItIs(id);
  if (!db) return;
  try {
    yield { database: db.name, version: db.version };
    for (const table of db.objectStoreNames) {
      try {
        yield* rowsOfTable(db, table);
      } catch (error) {
        yield { table, error: String(error) };
      }
    }
  } finally {
    db.close();
  }
}

/** @param {import("idb").IDBPDatabase<any>} db @param {string} table */
async function* rowsOfTable(db, table) {
  /** @type {IDBKeyRange | undefined} */
  let range;
  for (;;) {
    const { store } = db.transaction(table);
    const [keys, values] = await Promise.all([
      store.getAllKeys(range, ROWS_AT_ONCE),
      store.getAll(range, ROWS_AT_ONCE),
    ]);
    for (const [place, key] of keys.entries()) yield { table, key, value: values[place] };
    if (keys.length < ROWS_AT_ONCE) return;
    range = IDBKeyRange.lowerBound(keys[keys.length - 1], true);
  }
}

/** Opens the database in whatever version it has. @param {string} id @returns {Promise<import("idb").IDBPDatabase<any> | undefined>} */
async function openAsItIs(id) {
  let isNew = false;
  /** @type {import("idb").IDBPDatabase<any>} */
  const db = await openDB(nameOf(id), undefined, {
    upgrade(_db, _from, _to, tx) {
      isNew = true;
      tx.done.catch(() => {});
      tx.abort();
    },
    blocking: () => db.close(),
  }).catch((error) => {
    if (!isNew) throw error;
    return /** @type {any} */ (undefined);
  });
  return db;
}

/**
 * Goes through what the browser gives, as long as it answers.
 * @template T
 * @param {AsyncGenerator<T>} given
 * @returns {AsyncGenerator<T>}
 */
async function* answering(given) {
  for (;;) {
    /** @type {ReturnType<typeof setTimeout>} */
    let patience;
    const silence = new Promise((_, reject) => {
      patience = setTimeout(reject, PATIENCE_MS, new Error(SILENT));
    });
    const next = given.next();
    const { value, done } = await Promise.race([next, silence]).finally(() =>
      clearTimeout(patience),
    );
    if (done) return;
    yield value;
  }
}

const SILENT =
  "The browser’s storage does not answer. Close the other tabs of this site, or restart the browser, and try again.";

/** @param {object} value */
function line(value) {
  return `${JSON.stringify(value)}\n`;
}

/** @param {Blob} file @returns {Promise<string>} */
async function base64Of(file) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ""));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
  return promise;
}
