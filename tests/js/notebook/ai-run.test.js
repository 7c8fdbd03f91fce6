import assert from "node:assert/strict";
import test from "node:test";

import { totalOf } from "../../../js/notebook/ai-run.js";
import { formatTotal } from "../../../web/app/format.js";

let runs = 0;
/** @param {any} [run] @returns {any} */
const output = (run) => ({ bundle: {}, metadata: { anode: run && { run, run_id: `${runs++}` } } });
const run = (/** @type {number} */ read, /** @type {number} */ written, /** @type {any} */ more) =>
  output({ usage: { input_tokens: read, output_tokens: written }, ...more });

test("the total of a notebook's runs", () => {
  const priced = [run(1000, 20, { price_usd: 0.002 }), output(), run(500, 3, { price_usd: 0.001 })];
  assert.equal(formatTotal(totalOf(priced)), "2 runs · 1,500 tokens in, 23 out · 0.30 ¢");
  assert.equal(formatTotal(totalOf([run(5, 1, {})])), "1 run · 5 tokens in, 1 out");
  assert.equal(
    formatTotal(totalOf([...priced, output({ turns: 1 })])),
    "3 runs · 1,500 tokens in, 23 out · at least 0.30 ¢ (for 1 run the price is not known, or not all of it)",
  );
  const part = () => run(5, 1, { price_usd: 0.001, unpriced: ["m"] });
  assert.match(formatTotal(totalOf([part(), part()])), /at least 0.20 ¢ \(for 2 runs the price/);
  assert.equal(totalOf([]).runs, 0);
});

test("a run whose outputs were cleared and restored counts once", () => {
  const restored = () => ({
    metadata: { anode: { run_id: "r", run: { usage: { input_tokens: 7, output_tokens: 2 } } } },
  });
  const other = { metadata: { anode: { ...restored().metadata.anode, run_id: "other" } } };
  const total = totalOf([restored(), restored(), other]);
  assert.deepEqual([total.runs, total.read, total.written], [2, 14, 4]);
  const own = totalOf([restored(), other], (id) => id === "other");
  assert.deepEqual([own.runs, own.read], [1, 7]);
});

test("the latest account of a run counts, wherever it stands", () => {
  const after = (/** @type {any} */ turns) => ({
    metadata: { anode: { run_id: "r", run: { turns, usage: { input_tokens: turns } } } },
  });
  assert.equal(totalOf([after(1), after(3), after(2)]).read, 3);
});

test("amounts below zero, which a file may hold, do not count", () => {
  const usage = { input_tokens: -1000, output_tokens: 2 };
  const total = totalOf([output({ turns: -1, price_usd: -0.5, usage }), run(5, 1, {})]);
  assert.deepEqual(
    [total.runs, total.read, total.written, total.price, total.unpriced],
    [2, 5, 3, undefined, 2],
  );
});
