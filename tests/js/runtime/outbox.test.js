import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { Outbox } from "../../../js/runtime/outbox.js";
import { names, start, until } from "../support/runtime-stage.js";

test("a batch that the store refuses is kept, told of, and loses neither place nor event", async (t) => {
  t.mock.method(console, "warn", () => {});
  const inner = memoryStore();
  let refusals = 0;
  const store = {
    ...inner,
    /** @param {any[]} events */
    commit(...events) {
      if (events[0].name === "test.second" && refusals++ < 2) throw new Error("disk full");
      inner.commit(...events);
    },
  };
  /** @type {Error[]} */
  const errors = [];
  const onError = (/** @type {Error} */ error) => void errors.push(error);
  const { runtime } = await start({ store, onError });
  const batches = ["test.first", "test.second", "test.third"].map((name) =>
    JSON.stringify([
      { name, args: {} },
      { name: `${name}.b`, args: {} },
    ]),
  );
  store.commit({ name: "test.emit", args: { batches } });
  await until(() => names(inner).includes("test.third.b"), "the last batch");
  assert.deepEqual(
    names(inner).filter((/** @type {string} */ name) => /test\.(f|s|th)/.test(name)),
    ["test.first", "test.first.b", "test.second", "test.second.b", "test.third", "test.third.b"],
  );
  assert.equal(errors.length, 2);
  assert.match(errors[1].message, /refused a batch \(disk full\); it is kept, with 1 behind it/);
  await runtime.stop();
});

/** A store that refuses so many batches first. @param {number} refusals */
function refusing(refusals) {
  /** @type {string[]} */
  const taken = [];
  const store = /** @type {any} */ ({
    commit(/** @type {any[]} */ ...events) {
      if (refusals-- > 0) throw new Error("disk full");
      taken.push(...events.map(({ name }) => name));
    },
  });
  return { store, taken };
}

/** @param {string} name */
const batch = (name) => [{ name, args: {} }];

test("it tries again after ever longer, up to five seconds", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store, taken } = refusing(8);
  /** @type {string[]} */
  const delays = [];
  const outbox = new Outbox(store, ({ message }) =>
    delays.push(/retried in (\d+) ms/.exec(message)?.[1] ?? ""),
  );
  outbox.push(batch("a"));
  outbox.push(batch("b"));
  for (const delay of [100, 200, 400, 800, 1600, 3200, 5000]) t.mock.timers.tick(delay);
  assert.deepEqual(delays, ["100", "200", "400", "800", "1600", "3200", "5000", "5000"]);
  assert.deepEqual([taken, outbox.size], [[], 2]);
  t.mock.timers.tick(5000);
  assert.deepEqual([taken, outbox.size], [["a", "b"], 0]);
});

test("who waits for it is told when all is taken, or when the time is over", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store } = refusing(2);
  const outbox = new Outbox(store, () => {});
  await outbox.settled(1);
  outbox.push(batch("a"));
  /** @type {string[]} */
  const told = [];
  const waits = [
    outbox.settled(150).then(() => told.push("over")),
    outbox.settled(5000).then(() => told.push("taken")),
  ];
  t.mock.timers.tick(150);
  await waits[0];
  assert.deepEqual([told, outbox.size], [["over"], 1]);
  t.mock.timers.tick(200);
  await waits[1];
  assert.deepEqual([told, outbox.size], [["over", "taken"], 0]);
});

test("what the store refuses for good is told and left out, and nothing waits for it", () => {
  const store = memoryStore();
  /** @type {string[]} */
  const troubles = [];
  const outbox = new Outbox(store, ({ message }) => troubles.push(message));
  outbox.push([...batch("a"), { name: "v1.CellDeleted", args: { id: 7 } }, ...batch("b")]);
  outbox.push(batch("c"));
  assert.deepEqual(names(store), ["a", "b", "c"]);
  assert.deepEqual(troubles, [
    "the store refused an event for good (v1.CellDeleted: id must be text)",
  ]);
  assert.equal(outbox.size, 0);
});

/** @param {string} id @param {string} source @returns {any} */
const written = (id, source) => ({
  name: "v1.CellSourceChanged",
  args: { id, source, modifiedBy: "me" },
});

/** @type {any} */
const MADE = {
  name: "v2.CellCreated",
  args: { id: "c", cellType: "code", fractionalIndex: "n", createdBy: "me" },
};

/** An outbox that knows what its store delivers, and what it answered. @param {any} [store] */
async function proposing(store = memoryStore([MADE, written("c", "0")])) {
  /** @type {any[]} */
  const settled = [];
  const outbox = new Outbox(store, () => {});
  store.subscribe((/** @type {any[]} */ events) => outbox.note(events));
  await null;
  let id = 0;
  /** @param {string} expected @param {any} [event] */
  const propose = (expected, event = written("c", `${expected}!`)) =>
    outbox.propose({ id: ++id, events: [event], expected: { c: expected } }, (settlement) =>
      settled.push(settlement),
    );
  const sources = () =>
    store
      .events()
      .filter((/** @type {any} */ { name }) => name === "v1.CellSourceChanged")
      .map((/** @type {any} */ { args }) => args.source);
  return { store, outbox, propose, settled, sources };
}

test("a proposal is committed if the cell is as expected, also by what was committed just before", async () => {
  const { outbox, propose, settled, sources } = await proposing();
  propose("0");
  propose("0!");
  outbox.push([written("c", "1")]);
  propose("1");
  assert.deepEqual(settled, [{ id: 1 }, { id: 2 }, { id: 3 }]);
  assert.deepEqual(sources(), ["0", "0!", "0!!", "1", "1!"]);
});

test("a proposal for a cell that a person has changed or deleted is not committed, and told what is there", async () => {
  const { store, propose, settled, sources } = await proposing();
  store.commit(written("c", "mine"));
  await null;
  propose("0");
  propose("0", { name: "v1.CellDeleted", args: { id: "c" } });
  store.commit({ name: "v1.CellDeleted", args: { id: "c" } });
  await null;
  propose("mine");
  assert.deepEqual(settled, [
    { id: 1, present: { c: "mine" } },
    { id: 2, present: { c: "mine" } },
    { id: 3, present: { c: null } },
  ]);
  assert.deepEqual(sources(), ["0", "mine"]);
});

test("a proposal that waits for the store is compared when its turn comes", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const inner = memoryStore([MADE, written("c", "0")]);
  let isFull = true;
  const commit = (/** @type {any[]} */ ...events) => {
    if (isFull) throw new Error("disk full");
    inner.commit(...events);
  };
  const { propose, settled } = await proposing({ ...inner, commit });
  propose("0");
  assert.deepEqual(settled, []);
  inner.commit(written("c", "mine"));
  await null;
  isFull = false;
  t.mock.timers.tick(100);
  assert.deepEqual(settled, [{ id: 1, present: { c: "mine" } }]);
});

test("a proposal that the store refuses for good is told so", async () => {
  const { propose, settled } = await proposing();
  propose("0", { name: "v1.CellSourceChanged", args: { id: "c" } });
  assert.deepEqual(settled, [
    { id: 1, present: {}, error: "v1.CellSourceChanged: source is missing" },
  ]);
});
