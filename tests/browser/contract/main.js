// The store's contract over a kept notebook in a real browser, and what else tests ask of one. Each case is run in
// a page of its own, and on a notebook of its own.

import { openDB } from "idb";

import { Database, nameOf } from "../../../web/storage/database.js";
import { Opening } from "../../../web/storage/opening.js";
import { deletePersisted, openPersisted, withPersisted } from "../../../web/storage/persisted.js";
import { testStore } from "../../js/support/store-contract.js";
import { AFTERNOON, WEEK, week } from "../../js/support/week.js";
import { compactUntil, logOf, putSmall } from "./cut-compaction.js";
import { names, run } from "./test-runner.js";

/** @typedef {Awaited<ReturnType<typeof openPersisted>>} Kept */

testStore("a kept notebook", () => openPersisted(`contract-${crypto.randomUUID()}`), {
  settled: (store) => /** @type {Kept} */ (store).refresh(),
});

/** @type {Kept} */
let store;
/** What a listener was told, in order. @type {unknown[]} */
const told = [];

/** The stages that the opening went through. @type {string[]} */
const stages = [];

/** Opens the notebook that the page shows. @param {string} id */
async function open(id) {
  const opening = new Opening(id);
  opening.stage.subscribe((stage) => void stages.push(stage));
  store = await openPersisted(id, [], opening);
  store.subscribe((events) => void told.push(...events.map(({ args }) => args.key)));
}

/**
 * Writes a log into the database, as a page would have in an afternoon or in a week.
 * @param {string} id of a new notebook
 * @param {boolean} isWeek
 * @returns {Promise<number>} how many events there are
 */
async function put(id, isWeek) {
  const batches = week(isWeek ? WEEK : AFTERNOON);
  const database = await Database.open(id, () => {});
  await database.begin(
    batches.map((events, n) => ({ id: `tab.${n}`, events })),
    "stamp",
  );
  database.close();
  return batches.flat().length;
}

/** @param {string} id of a notebook @returns {Promise<any>} how many rows there are, and what compaction wrote */
async function extent(id) {
  const database = await Database.open(id, () => {});
  const found = await database.extent();
  database.close();
  return found;
}

/** Removes a row, as no page does. @param {string} id of a notebook @param {number} number of the row */
async function lose(id, number) {
  const db = await openDB(nameOf(id));
  await db.delete("batches", number);
  db.close();
}

/** Writes what the page will commit next, as a page that found it left behind. @param {string} id @param {string} key */
async function anticipate(id, key) {
  const database = await Database.open(id, () => {});
  for await (const row of database.read(0)) {
    const [tab, count] = row.id.split(".");
    const args = { key, value: "" };
    await database.addMissing([
      { id: `${tab}.${Number(count) + 1}`, events: [{ name: "v1.NotebookMetadataSet", args }] },
    ]);
  }
  database.close();
}

/** @param {string[]} labels */
function commit(...labels) {
  store.commit(
    ...labels.map((key) => ({
      name: /** @type {const} */ ("v1.NotebookMetadataSet"),
      args: { key, value: "" },
    })),
  );
}

/**
 * Commits labels that begin with a name, in bursts at random distances.
 * @param {string} name
 * @param {number} count
 */
async function burst(name, count) {
  for (let n = 0; n < count;) {
    const size = Math.min(count - n, 1 + Math.floor(Math.random() * 12));
    for (const end = n + size; n < end; n++) {
      if (Math.random() < 0.5) commit(`${name}${n}`);
      else commit(`${name}${n}`, `${name}${n}+`);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
  }
}

/**
 * Commits a label every 50 ms, and reports each; resolves at a moment after the first one.
 * @param {(n: number, at: number) => void} report
 * @param {number} ms after which moment
 */
async function tick(report, ms) {
  let n = told.length;
  const next = () => {
    commit(`${n}`);
    report(n++, Date.now());
  };
  next();
  setInterval(next, 50);
  await new Promise((resolve) => setTimeout(resolve, ms));
}

// What a page reports goes where Node's reports go.
window.addEventListener("error", (event) => {
  event.preventDefault();
  console.error(event.error);
});

Object.assign(window, {
  contract: { names: names(), run, deletePersisted, withPersisted },
  cutting: { putSmall, compactUntil, logOf },
  kept: {
    ...{ open, commit, burst, tick, put, extent, lose, anticipate },
    stages: () => stages,
    damage: () => store.damage.value,
    told: () => told,
    labels: () => store.events().map(({ args }) => args.key),
    events: () => store.events(),
    refresh: () => store.refresh(),
    retry: () => store.retry(),
    isKept: () => store.isKept,
    failure: () => store.failure.value,
  },
});
