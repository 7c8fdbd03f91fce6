import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../js/memory-store.js";

/** @import { WireEvent } from "../../js/types.d.ts" */

/** @param {string} name @param {any} [args] @returns {WireEvent} */
const event = (name, args = {}) => ({ name, args });

/** Lets all microtasks run. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

/**
 * @param {ReturnType<typeof memoryStore>} store
 * @returns {string[][]} the names, batch by batch
 */
function record(store) {
  /** @type {string[][]} */
  const batches = [];
  store.subscribe((events) => void batches.push(events.map(({ name }) => name)));
  return batches;
}

test("a listener gets the present state in one call, then each batch as committed", async () => {
  const store = memoryStore([event("a"), event("b")]);
  store.commit(event("c"));
  const batches = record(store);
  assert.deepEqual(batches, [], "never from inside subscribe");
  await turn();
  store.commit(event("d"), event("e"));
  assert.deepEqual(batches, [["a", "b", "c"]], "never from inside commit");
  store.commit(event("f"));
  await turn();
  assert.deepEqual(batches, [["a", "b", "c"], ["d", "e"], ["f"]]);
});

test("an empty store calls a new listener too, once", async () => {
  const batches = record(memoryStore());
  await turn();
  assert.deepEqual(batches, [[]]);
});

test("a listener that comes between commits misses no batch and gets none twice", async () => {
  const store = memoryStore();
  store.commit(event("a"));
  const early = record(store);
  store.commit(event("b"));
  const late = record(store);
  store.commit(event("c"));
  await turn();
  assert.deepEqual(early, [["a"], ["b"], ["c"]]);
  assert.deepEqual(late, [["a", "b"], ["c"]]);
});

test("what a listener commits comes after what was committed before, for everyone", async () => {
  const store = memoryStore();
  store.subscribe((events) => {
    for (const { name } of events) if (name === "a") store.commit(event("answer to a"));
  });
  const batches = record(store);
  store.commit(event("a"));
  store.commit(event("b"));
  await turn();
  assert.deepEqual(batches, [[], ["a"], ["b"], ["answer to a"]]);
});

test("a listener may subscribe another and end itself; neither disturbs the rest", async () => {
  const store = memoryStore();
  /** @type {string[][]} */
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
  await turn();
  assert.equal(calls, 2);
  assert.deepEqual(inner, [["a", "b"]]);
  assert.deepEqual(batches, [[], ["a"], ["b"]]);
});

test("after the end of a subscription not even a batch on its way arrives", async () => {
  const store = memoryStore();
  let calls = 0;
  const unsubscribe = store.subscribe(() => (calls += 1));
  store.commit(event("a"));
  unsubscribe();
  await turn();
  assert.equal(calls, 0);
});

test("a listener that throws is reported and stops no other", async (t) => {
  const reported = t.mock.method(console, "error", () => {});
  const store = memoryStore();
  store.subscribe(() => {
    throw new Error("mine");
  });
  const batches = record(store);
  store.commit(event("a"));
  await turn();
  assert.deepEqual(batches, [[], ["a"]]);
  assert.equal(reported.mock.callCount(), 2);
});

test("the log holds frozen copies", async () => {
  const source = { id: "1", list: [{ deep: true }], absent: undefined };
  const store = memoryStore();
  store.commit(event("a", source));
  source.list[0].deep = false;
  const [logged] = store.events();
  assert.deepEqual(logged, { name: "a", args: { id: "1", list: [{ deep: true }] } });
  assert.throws(() => /** @type {any} */ (logged.args).list[0].deep++, TypeError);
  store.events().pop();
  assert.equal(store.events().length, 1);
});

test("a key named __proto__ is a key like any other", () => {
  const store = memoryStore([event("a", JSON.parse('{"__proto__": {"polluted": 1}}'))]);
  const { args } = store.events()[0];
  assert.ok(Object.hasOwn(args, "__proto__"));
  assert.equal(/** @type {any} */ (args).polluted, undefined);
});

/** @type {any} */
const circle = {};
circle.self = circle;

for (const [what, bad, message] of /** @type {[string, any, RegExp][]} */ ([
  ["no name", { args: {} }, /not an event/],
  ["an empty name", { name: "", args: {} }, /not an event/],
  ["null", null, /not an event: null/],
  ["no args", { name: "x" }, /x: args must be a plain object, not undefined/],
  ["an array for args", { name: "x", args: [] }, /not an array/],
  ["a Date", event("x", { at: { deep: new Date() } }), /x: args\.at\.deep is not JSON.*Date/],
  ["NaN", event("x", { n: [1, NaN] }), /x: args\.n\[1\] is not JSON: NaN/],
  ["a function", event("x", { f() {} }), /args\.f is not JSON: function/],
  ["a hole in an array", event("x", { list: new Array(1) }), /list\[0\] is not JSON: undefined/],
  ["a circle", event("x", circle), /in a circle/],
])) {
  test(`commit refuses ${what}, and with it the whole batch`, async () => {
    const store = memoryStore();
    const batches = record(store);
    assert.throws(() => store.commit(event("good"), bad), { name: "TypeError", message });
    await turn();
    assert.deepEqual(store.events(), []);
    assert.deepEqual(batches, [[]]);
  });
}
