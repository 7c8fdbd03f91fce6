// Whatever happens in whatever order, each execution has one end, and whoever waits for it hears of it.

import assert from "node:assert/strict";
import test from "node:test";

import fc from "fast-check";

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { Lifecycle } from "../../../js/runtime/lifecycle.js";
import { ScriptedWorker } from "../support/scripted-worker.js";

/** @import { TestContext } from "node:test" */

// `make soak` sets both.
const RUNS = Number(process.env.N ?? 25);
const SEED = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) };
const MINUTE_MS = 60_000;
const CELLS = /** @type {const} */ (["code", "ai", "code", "ai"]);

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A tab of a notebook: its runtime, and what was called there. */
class Tab {
  isClosed = false;
  hasFailedToStart = false;
  /** Whether its page was given the runtime, and can call its methods. */
  isGiven = false;
  calls = { begun: 0, settled: 0 };

  /** @param {Play} play */
  constructor(play) {
    const store = {
      /** @param {any[]} events */
      commit: (...events) => void (this.isClosed || play.store.commit(...events)),
      /** @param {any} listener */
      subscribe: (listener) =>
        play.store.subscribe((events) => void (this.isClosed || listener(events))),
    };
    const onStatus = (/** @type {string} */ status, reason = "") =>
      void (this.isClosed || play.hear(status, reason));
    this.life = new Lifecycle({ store, onStatus, onError() {} }, () => play.now);
    this.isGiven = true;
    this.call(async () => {
      this.isGiven = false;
      await this.life.start().then(
        () => (this.isGiven = true),
        () => (this.hasFailedToStart = true),
      );
    });
  }

  /** @param {() => Promise<unknown>} begin */
  call(begin) {
    if (!this.isGiven) return;
    this.calls.begun += 1;
    const settled = () => (this.calls.settled += 1);
    void begin().then(settled, settled);
  }

  /** Whether only another runtime can go on. */
  get isOver() {
    return this.hasFailedToStart || this.life.state.status === "stopped";
  }
}

/** A notebook, its tabs one after the other, and all that people and fate do to them. */
class Play {
  #inner = memoryStore();
  store = {
    ...this.#inner,
    /** @param {any[]} events */
    commit: (...events) => {
      if (this.isRefusing) throw new Error("not now");
      this.#inner.commit(...events);
    },
  };
  nb = openNotebook(this.store, { author: "person" });
  cells = CELLS.map((type) => this.nb.addCell(type));
  runs = { begun: 0, settled: 0 };
  /** What waited when its Python went, and costs money. @type {Set<string>} */
  unasked = new Set();
  isRefusing = false;
  now = 0;
  /** When Python was restarted without being asked, since somebody asked. @type {number[]} */
  restarts = [];
  #timers;

  /** @param {TestContext["mock"]["timers"]} timers */
  constructor(timers) {
    this.#timers = timers;
    ScriptedWorker.begun = [];
    ScriptedWorker.sessions = [];
    ScriptedWorker.isSlow = false;
    this.tab = new Tab(this);
  }

  get worker() {
    return /** @type {ScriptedWorker} */ (ScriptedWorker.latest);
  }

  /** @param {string} status @param {string} [reason] */
  hear(status, reason = "") {
    if (status === "restarting") this.#leave();
    if (status === "restarting" && reason.includes(". Python was")) this.restarts.push(this.now);
    assert.ok(reason || status !== "failed", "a failure says why");
  }

  /** Notes what waits and costs money: it must not begin any more. */
  #leave() {
    const paid = this.cells.filter(({ cellType }) => cellType === "ai").map(({ id }) => id);
    for (const { queueId, cellId, state } of this.nb.openExecutions) {
      const isWaiting = state === "pending" && !ScriptedWorker.begun.includes(queueId);
      if (isWaiting && paid.includes(cellId)) this.unasked.add(queueId);
    }
  }

  /** @type {Record<string, (how: { cell: number, kind: any, ms: number, count: number }) => unknown>} */
  acts = {
    run: ({ cell }) => {
      if (this.isRefusing) return;
      this.runs.begun += 1;
      void this.nb.run(this.cells[cell]).then(() => (this.runs.settled += 1));
    },
    cancel: ({ cell }) => this.isRefusing || this.nb.stop(this.cells[cell]),
    step: () => this.worker.step(),
    breakDown: ({ kind }) => this.worker.breakDown(kind),
    late: () => this.worker.sayLate(),
    slow: () => (ScriptedWorker.isSlow = !ScriptedWorker.isSlow),
    boot: () => this.worker.finishBoot(),
    refuse: () => (this.isRefusing = !this.isRefusing),
    pass: ({ ms }) => this.pass(ms),
    interrupt: () => this.tab.call(() => this.tab.life.interrupt()),
    restart: () => this.restart(),
    stop: () => this.tab.call(() => this.tab.life.stop()),
    again: () => this.again(),
    reload: () => this.#reload(),
    turns: async ({ count }) => {
      for (let i = 0; i < count; i++) await turn();
    },
  };

  restart() {
    this.restarts = [];
    this.tab.call(() => this.tab.life.restart());
  }

  /** Opens another tab, once the store has taken what this one wrote: timers that are due together share a task here. */
  again() {
    if (!this.tab.isOver || this.isRefusing) return;
    this.pass(6000);
    this.tab = new Tab(this);
  }

  /** @param {number} ms */
  pass(ms) {
    this.now += ms;
    this.#timers.tick(ms);
  }

  /** Loads the page again: nothing of the old one says a word any more. */
  #reload() {
    const session = this.nb.session(this.tab.life.sessionId);
    if (session && session.status !== "terminated") this.#leave();
    // What the store has not heard of, nobody can know who comes later.
    if (!ScriptedWorker.sessions.every((id) => this.nb.session(id))) this.unasked.clear();
    this.tab.isClosed = true;
    this.worker.breakDown("silence");
    this.tab = new Tab(this);
  }

  /** Lets all go well, until nothing is open. */
  async finish() {
    this.isRefusing = ScriptedWorker.isSlow = false;
    for (let i = 0; i < 100 && !(i > 2 && this.#isDone); i++) {
      this.worker.finishBoot();
      await turn();
      if (this.tab.isOver) this.again();
      else if (i % 25 === 0 || this.tab.life.state.status === "failed") this.restart();
      else if (i % 25 === 10) this.pass(10 * MINUTE_MS); // a boot that is silent is given up
      this.worker.step();
      for (let j = 0; j < 4; j++) await turn();
      this.pass(1000);
    }
  }

  get #isDone() {
    const { runs, tab } = this;
    const isSettled = runs.settled === runs.begun && tab.calls.settled === tab.calls.begun;
    return isSettled && this.nb.openExecutions.length === 0;
  }

  check() {
    assert.deepEqual(this.nb.openExecutions, []);
    assert.equal(this.runs.settled, this.runs.begun, "somebody waits for a run");
    assert.equal(this.tab.calls.settled, this.tab.calls.begun, "a call does not settle");
    const events = this.#inner.events();
    const ends = events.filter(({ name }) => /Execution(Completed|Cancelled)$/.test(name));
    const ended = ends.map(({ args }) => args.queueId);
    const twice = ends.filter(
      ({ args }) => ended.indexOf(args.queueId) !== ended.lastIndexOf(args.queueId),
    );
    assert.deepEqual(twice, [], "an execution has two ends");
    const begun = events.filter(({ name }) => name === "v1.ExecutionStarted");
    const unasked = begun.filter(({ args }) => this.unasked.has(String(args.queueId)));
    assert.deepEqual(unasked, [], "a model was asked again though nobody said so");
  }
}

/** @param {Record<string, number>} weights */
const actOf = (weights) =>
  fc.oneof(
    ...Object.entries(weights).map(([what, weight]) => ({ weight, arbitrary: fc.constant(what) })),
  );
const STEP = fc.record({
  what: actOf({
    ...{
      run: 8,
      step: 8,
      turns: 16,
      breakDown: 5,
      boot: 4,
      cancel: 2,
      late: 2,
      slow: 2,
      restart: 2,
    },
    ...{ refuse: 2, pass: 2, interrupt: 1, stop: 1, again: 2, reload: 1 },
  }),
  cell: fc.nat(CELLS.length - 1),
  kind: fc.constantFrom("error", "fatal", "silence"),
  count: fc.integer({ min: 1, max: 6 }),
  ms: fc.constantFrom(50, 1000, 30_000, MINUTE_MS),
});

const STEPS = fc.array(STEP, { maxLength: 90, size: "max" });

test("each execution has one end, whatever breaks down, whenever", async ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  mock.method(console, "warn", () => {});
  Object.assign(globalThis, { Worker: ScriptedWorker });
  await fc.assert(
    fc.asyncProperty(STEPS, async (steps) => {
      const play = new Play(mock.timers);
      for (const { what, ...how } of steps) {
        await play.acts[what](how);
        for (let i = 0; i < 20; i++) await undefined; // what people and workers do are tasks of their own
        for (const at of play.restarts) {
          const near = play.restarts.filter((time) => time >= at && time < at + MINUTE_MS);
          assert.ok(near.length <= 3, "restarted too often");
        }
      }
      await play.finish();
      play.check();
    }),
    { numRuns: RUNS, endOnFailure: true, ...SEED },
  );
});
