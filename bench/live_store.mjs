// What a commit costs in a LiveStore store with the tables of the runt notebooks, with nothing in it and with much.
//
// node bench/live_store.mjs KIND COUNT ROUNDS: prints the milliseconds of a commit, by round, as JSON: { none, much }.
// KIND is "deltas", pieces of an answer, or "prints", pieces of what a cell prints.

import { makeInMemoryAdapter } from "@livestore/adapter-web";
import { createStorePromise } from "@livestore/livestore";

import { liveStore } from "../js/stores/livestore.js";
import { runtSchema as schema } from "../tests/js/support/runt-schema.js";

const COMMITS = 50;
const [kind, count, rounds] = process.argv.slice(2);

const NUMBERS = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${Number(count) - 1})`;
const KINDS = {
  deltas: {
    fill: `INSERT INTO output_deltas (id, outputId, delta, sequenceNumber)
      ${NUMBERS} SELECT 'old-' || i, 'old', 'a few words ', i FROM n`,
    event: (number) => ({
      name: "v2.MarkdownOutputAppended",
      args: { id: `new-${number}`, outputId: "new", delta: "a few words ", sequenceNumber: number },
    }),
  },
  prints: {
    fill: `INSERT INTO outputs (id, cellId, outputType, position, streamName, data)
      ${NUMBERS} SELECT 'old-' || i, 'old', 'terminal', i, 'stdout', 'a line' FROM n`,
    event: (number) => ({
      name: "v1.TerminalOutputAdded",
      args: {
        ...{ id: `new-${number}`, cellId: "new", position: number, streamName: "stdout" },
        content: { type: "inline", data: "a line" },
      },
    }),
  },
};

/** @param {string} storeId @param {string} [fill] */
async function open(storeId, fill) {
  const inner = await createStorePromise({
    ...{ schema, storeId, adapter: makeInMemoryAdapter(), disableDevtools: true },
  });
  if (fill) inner.sqliteDbWrapper.execute(fill);
  return liveStore(inner);
}

/** Commits one by one, as an answer streams, and lets each be told before the next. @param {any} store @param {number} from */
async function time(store, from) {
  const began = performance.now();
  for (let number = from; number < from + COMMITS; number++) {
    store.commit(KINDS[kind].event(number));
    await null;
  }
  return (performance.now() - began) / COMMITS;
}

const stores = { none: await open("none"), much: await open("much", KINDS[kind].fill) };
/** @type {{ none: number[], much: number[] }} */
const took = { none: [], much: [] };
for (let round = -1; round < Number(rounds); round++) {
  for (const name of round % 2 ? ["none", "much"] : ["much", "none"]) {
    const each = await time(stores[name], (round + 1) * COMMITS);
    if (round >= 0) took[name].push(each); // the first round is for the compilers
  }
}
process.stdout.write(`\n${JSON.stringify(took)}\n`);
process.exit();
