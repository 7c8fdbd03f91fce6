import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/stores/memory.js";
import { event } from "../support/events.js";
import { testStore } from "../support/store-contract.js";

testStore("memoryStore", async () => memoryStore());

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
  test(`commit says what is wrong with ${what}`, () => {
    const store = memoryStore();
    assert.throws(() => store.commit(event("good"), bad), { name: "TypeError", message });
    assert.deepEqual(store.events(), []);
  });
}
