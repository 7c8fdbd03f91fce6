// What every EventStore must hold: see EventStore in js/types.d.ts.

import assert from "node:assert/strict";
import test from "node:test";

/** @import { EventStore, LogEvent, WireEvent } from "../../../js/types.d.ts" */

/** An event of the vocabulary that carries a label. @param {string} label @returns {WireEvent} */
export const event = (label) => ({
  name: "v1.NotebookMetadataSet",
  args: { key: label, value: "" },
});

/** Lets all microtasks run. */
export const turn = () => new Promise((resolve) => setTimeout(resolve));

/** @param {readonly LogEvent[]} events */
export const labelsOf = (events) => events.map(({ args }) => args.key);

/** @param {EventStore} store @returns {unknown[][]} the labels, batch by batch */
export function record(store) {
  /** @type {unknown[][]} */
  const batches = [];
  store.subscribe((events) => void batches.push(labelsOf(events)));
  return batches;
}

/**
 * Tests a kind of store.
 * @param {string} kind
 * @param {(t: import("node:test").TestContext) => Promise<EventStore>} open a new, empty one
 * @param {{ settled?: (store: EventStore) => Promise<void> }} [options] `settled` waits until a store that takes its
 *   time has told its listeners what was committed
 */
export function testStore(kind, open, { settled = async () => {} } = {}) {
  /** Lets a store tell its listeners what was committed, and what they commit then. @param {EventStore} store */
  const delivery = async (store) => {
    for (let round = 0; round < 2; round++) {
      await settled(store);
      await turn();
    }
  };

  test(`${kind}: a listener gets the present state in one call, then each batch as committed`, async (t) => {
    const store = await open(t);
    store.commit(event("a"), event("b"));
    store.commit(event("c"));
    const batches = record(store);
    assert.deepEqual(batches, [], "never from inside subscribe");
    await delivery(store);
    store.commit(event("d"), event("e"));
    assert.deepEqual(batches, [["a", "b", "c"]], "never from inside commit");
    store.commit(event("f"));
    await delivery(store);
    assert.deepEqual(batches, [["a", "b", "c"], ["d", "e"], ["f"]]);
  });

  test(`${kind}: an empty store calls a new listener too, once`, async (t) => {
    const store = await open(t);
    const batches = record(store);
    await delivery(store);
    assert.deepEqual(batches, [[]]);
  });

  test(`${kind}: a listener that comes between commits misses no batch and gets none twice`, async (t) => {
    const store = await open(t);
    store.commit(event("a"));
    const early = record(store);
    store.commit(event("b"));
    const late = record(store);
    store.commit(event("c"));
    await delivery(store);
    assert.deepEqual(early, [["a"], ["b"], ["c"]]);
    assert.deepEqual(late, [["a", "b"], ["c"]]);
  });

  test(`${kind}: what a listener commits comes after what was committed before, for everyone`, async (t) => {
    const store = await open(t);
    store.subscribe((events) => {
      for (const label of labelsOf(events)) if (label === "a") store.commit(event("answer to a"));
    });
    const batches = record(store);
    store.commit(event("a"));
    store.commit(event("b"));
    await delivery(store);
    assert.deepEqual(batches, [[], ["a"], ["b"], ["answer to a"]]);
  });

  test(`${kind}: a listener may subscribe another and end itself; neither disturbs the rest`, async (t) => {
    const store = await open(t);
    /** @type {unknown[][]} */
    let inner = [[]];
    let calls = 0;
    const unsubscribe = store.subscribe(() => {
      calls += 1;
      if (calls < 2) return;
      unsubscribe();
      unsubscribe();
      inner = record(store);
    });
    const batches = record(store);
    store.commit(event("a"));
    store.commit(event("b"));
    await delivery(store);
    assert.equal(calls, 2);
    assert.deepEqual(inner, [["a", "b"]]);
    assert.deepEqual(batches, [[], ["a"], ["b"]]);
  });

  test(`${kind}: after the end of a subscription not even a batch on its way arrives`, async (t) => {
    const store = await open(t);
    let calls = 0;
    const unsubscribe = store.subscribe(() => (calls += 1));
    store.commit(event("a"));
    unsubscribe();
    await delivery(store);
    assert.equal(calls, 0);
  });

  test(`${kind}: a listener that throws is reported and stops no other`, async (t) => {
    const reported = t.mock.method(console, "error", () => {});
    const store = await open(t);
    store.subscribe(() => {
      throw new Error("mine");
    });
    const batches = record(store);
    store.commit(event("a"));
    await delivery(store);
    assert.deepEqual(batches, [[], ["a"]]);
    assert.equal(reported.mock.callCount(), 2);
  });

  /** @type {any} */
  const circle = {};
  circle.self = circle;
  const args = (/** @type {any} */ more) => ({
    ...{ name: /** @type {const} */ ("v1.NotebookMetadataSet") },
    args: { key: "k", value: "v", ...more },
  });

  for (const [what, bad] of /** @type {[string, any][]} */ ([
    ["no name", { args: {} }],
    ["an empty name", { name: "", args: {} }],
    ["null", null],
    ["no args where they are needed", { name: "v1.CellDeleted" }],
    ["a known name with bad args", { name: "v1.CellDeleted", args: { id: 7 } }],
    ["an integer beyond a double", args({ n: 2 ** 53 })],
    ["half of a surrogate pair", args({ text: "\ud83d" })],
    ["an array for args", { name: "v1.AllExecutionsCancelled", args: [] }],
    ["a Date", args({ at: { deep: new Date() } })],
    ["NaN", args({ n: [1, NaN] })],
    ["a function", args({ f() {} })],
    ["a hole in an array", args({ list: new Array(1) })],
    ["a circle", args(circle)],
  ])) {
    test(`${kind}: commit refuses ${what}, and with it the whole batch`, async (t) => {
      const store = await open(t);
      const batches = record(store);
      assert.throws(() => store.commit(event("good"), bad), TypeError);
      await delivery(store);
      store.commit(event("a"));
      await delivery(store);
      assert.deepEqual(batches, [[], ["a"]]);
    });
  }

  test(`${kind}: events come as they were, with what is new to the vocabulary`, async (t) => {
    const store = await open(t);
    /** @type {any[]} */
    const given = [
      args({ list: [{ deep: null }], absent: undefined, text: "\u2028\ud83d\ude42" }),
      { name: "v1.AllExecutionsCancelled", args: {} },
      { name: "v9.News", args: { of: ["the future"] } },
    ];
    /** @type {LogEvent[]} */
    const got = [];
    store.commit(...given);
    store.subscribe((events) => void got.push(...events));
    await delivery(store);
    assert.deepEqual(got, JSON.parse(JSON.stringify(given)));
  });

  test(`${kind}: args that are left out are none, and null is absent if a field is optional`, async (t) => {
    const store = await open(t);
    /** @type {LogEvent[]} */
    const got = [];
    /** @type {any[]} */
    const given = [
      { name: "v1.AllExecutionsCancelled" },
      { name: "v1.CellDeleted", args: { id: "c", actorId: null, new: null } },
    ];
    store.commit(...given);
    store.subscribe((events) => void got.push(...events));
    await delivery(store);
    assert.deepEqual(got, [
      { name: "v1.AllExecutionsCancelled", args: {} },
      { name: "v1.CellDeleted", args: { id: "c", new: null } },
    ]);
  });

  test(`${kind}: equal events are all kept`, async (t) => {
    const store = await open(t);
    store.commit(event("a"), event("a"));
    store.commit(event("a"));
    const batches = record(store);
    await delivery(store);
    assert.deepEqual(batches, [["a", "a", "a"]]);
  });
}
