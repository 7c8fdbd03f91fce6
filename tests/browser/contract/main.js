// The store's contract over a kept notebook in a real browser, and what else tests ask of one. Each case is run in
// a page of its own, and on a notebook of its own.

import { deletePersisted, openPersisted } from "../../../web/storage/persisted.js";
import { testStore } from "../../js/support/store-contract.js";
import { names, run } from "./test-runner.js";

/** @typedef {Awaited<ReturnType<typeof openPersisted>>} Kept */

testStore("a kept notebook", () => openPersisted(`contract-${crypto.randomUUID()}`), {
  settled: (store) => /** @type {Kept} */ (store).refresh(),
});

/** @type {Kept} */
let store;
/** What a listener was told, in order. @type {unknown[]} */
const told = [];

/** Opens the notebook that the page shows. @param {string} id */
async function open(id) {
  store = await openPersisted(id);
  store.subscribe((events) => void told.push(...events.map(({ args }) => args.key)));
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
  contract: { names: names(), run, deletePersisted },
  kept: {
    ...{ open, commit, burst, tick },
    told: () => told,
    labels: () => store.events().map(({ args }) => args.key),
    events: () => store.events(),
    refresh: () => store.refresh(),
    retry: () => store.retry(),
    isKept: () => store.isKept,
    failure: () => store.failure.value,
  },
});
