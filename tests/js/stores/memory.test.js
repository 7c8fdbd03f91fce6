import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/stores/memory.js";
import { testStore } from "../support/store-contract.js";

/** @param {string} name @param {any} [args] @returns {any} */
const event = (name, args = {}) => ({ name, args });

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
  ["no name", { args: {} }, /name must be text/],
  ["an empty name", { name: "", args: {} }, /name must be text/],
  ["null", null, /name must be text/],
  ["half of a surrogate pair for a name", { name: "\ud83d" }, /name holds half of a surr/],
  ["an array for args", { name: "x", args: [] }, /x: args must be an object/],
  ["a Date", event("x", { at: { deep: new Date() } }), /x: at\.deep must be JSON.*Date/],
  ["NaN", event("x", { n: [1, NaN] }), /x: n\.1 must be a finite number/],
  ["a function", event("x", { f() {} }), /x: f must be JSON, not function/],
  ["a hole in an array", event("x", { list: new Array(1) }), /list\.0 must be JSON, not undefined/],
  ["a circle", event("x", circle), /is nested more than 200 deep/],
])) {
  test(`commit says what is wrong with ${what}`, () => {
    const store = memoryStore();
    assert.throws(() => store.commit(event("good"), bad), { name: "TypeError", message });
    assert.deepEqual(store.events(), []);
  });
}
