// Two who write into one cell at once, each at its own view of a store: no line is lost, and both see the same.

import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { schema } from "../../../js/livestore-schema.js";
import { liveStore } from "../../../js/stores/livestore.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { Sources } from "../../../js/notebook/merge/sources.js";
import { openStore } from "../support/livestore-in-memory.js";
import { random } from "../support/random.js";
import { turn } from "../support/store-contract.js";

/** @import { EventStore, LogEvent } from "../../../js/types.d.ts" */
/** @import { OpenNotebook } from "../../../js/types-notebook.d.ts" */

// `make soak` sets both.
const RUNS = Number(process.env.N ?? 40);
const SEED = Number(process.env.SEED ?? 1);

const START = "import math\n\ndef area(r):\n    return math.pi * r * r\n\nprint(area(1))";

/** Who writes lines that nobody else does, and takes out only lines of the start. */
class Writer {
  /** @type {string[]} */
  lines = [];

  /** @param {string} name @param {OpenNotebook} nb @param {(count: number) => number} below */
  constructor(name, nb, below) {
    this.name = name;
    this.nb = nb;
    this.below = below;
  }

  /** Changes what it sees: a line is put in, one of the start replaced or, sometimes, taken out. @param {string} id */
  write(id) {
    const lines = (this.nb.cell(id)?.source ?? "").split("\n");
    const own = `${this.name}${this.lines.push("")}`;
    this.lines[this.lines.length - 1] = own;
    const at = this.below(lines.length + 1);
    const isOld = START.split("\n").includes(lines[at]);
    lines.splice(at, isOld ? this.below(2) : 0, own);
    if (this.below(4) === 0) {
      const old = lines.findIndex((line) => line !== "" && START.includes(line));
      if (old >= 0) lines.splice(old, 1);
    }
    this.nb.setSource(id, lines.join("\n"));
  }
}

/** @param {string} source @param {readonly Writer[]} writers */
function assertWhole(source, writers) {
  const there = source.split("\n");
  const lost = writers.flatMap(({ lines }) => lines.filter((line) => !there.includes(line)));
  assert.deepEqual(lost, [], source);
}

test(`two writers on one LiveStore store, in ${RUNS} interleavings, and after a reload`, async (t) => {
  const inner = await openStore(t, schema);
  const below = random(SEED);
  const views = [liveStore(inner), liveStore(inner)].map((store) => openNotebook(store));
  await Promise.all(views.map(({ ready }) => ready));
  for (let run = 0; run < RUNS; run++) {
    const { id } = views[0].addCell("code", START);
    await turn();
    const writers = views.map((nb, place) => new Writer("ab"[place], nb, below));
    for (let left = 2 + below(8); left > 0; left--) {
      writers[below(2)].write(id);
      if (below(3) === 0) await turn();
    }
    await turn();
    for (const { nb } of writers) assertWhole(nb.cell(id)?.source ?? "", writers);
    assert.equal(views[0].cell(id)?.source, views[1].cell(id)?.source);
  }
  const again = openNotebook(liveStore(inner));
  await again.ready;
  const sources = views.map((nb) => nb.cells.map(({ source }) => source));
  assert.deepEqual(
    again.cells.map(({ source }) => source),
    sources[0],
  );
  assert.equal(again.cells.length, RUNS);
});

/**
 * A log to which each view's batches come late, as those of a tab to the database: what is told is the order of the log.
 */
class LateLog {
  told = memoryStore();
  #sources = new Sources();
  /** @type {LogEvent[][][]} */
  #waiting = [];

  /** @returns {EventStore} */
  view() {
    /** @type {LogEvent[][]} */
    const own = [];
    this.#waiting.push(own);
    return {
      commit: (...events) => void own.push(events),
      subscribe: (listener) => this.told.subscribe(listener),
    };
  }

  /** Takes the next batch of one of the views. @param {(count: number) => number} below */
  take(below) {
    const left = this.#waiting.filter(({ length }) => length > 0);
    const batch = left[below(left.length)]?.shift();
    if (batch) this.told.commit(.../** @type {any[]} */ (this.#sources.merge(batch)));
    return batch !== undefined;
  }
}

test(`two writers whose batches wait, in ${RUNS} interleavings`, async () => {
  const below = random(SEED + 1);
  for (let run = 0; run < RUNS; run++) {
    const log = new LateLog();
    const views = [openNotebook(log.view()), openNotebook(log.view())];
    await Promise.all(views.map(({ ready }) => ready));
    const { id } = views[0].addCell("code", START);
    while (log.take(below)) await turn();
    const writers = views.map((nb, place) => new Writer("ab"[place], nb, below));
    for (let left = 2 + below(8); left > 0; left--) {
      writers[below(2)].write(id);
      for (let taken = below(3); taken > 0; taken--) log.take(below);
      if (below(2)) await turn();
    }
    do await turn();
    while (log.take(below));
    for (const { nb } of writers) assertWhole(nb.cell(id)?.source ?? "", writers);
    assert.equal(views[0].cell(id)?.source, views[1].cell(id)?.source);
  }
});
