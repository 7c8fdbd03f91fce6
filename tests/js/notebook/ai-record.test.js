import assert from "node:assert/strict";
import test from "node:test";

import { CALL, RESULT, callOf, recordOf, resultOf } from "../../../js/notebook/ai-record.js";
import { changesOf, lastRunOf, pairResults, totalOf } from "../../../js/notebook/ai-run.js";
import { readRun } from "../../../js/notebook/cell-run.js";
import { writeIpynb } from "../../../js/notebook/ipynb/write.js";
import { Notebook } from "../../../js/notebook/state/notebook.js";
import { formatRun, formatTotal } from "../../../web/app/format.js";
import { formatCall, formatChange, formatState } from "../../../web/ui/runs/tool-format.js";
import { randomJson } from "../support/random-json.js";

const cell = {
  cell_type: "code",
  source: "x",
  fractional_index: "b",
  source_visible: true,
  output_visible: false,
  ai_context_visible: true,
};
const usage = { input_tokens: 3, output_tokens: 0 };
const text = {
  role: "assistant",
  run_id: "q",
  iteration: 1,
  ai_provider: "test",
  ai_model: "m",
  thinking: false,
  notices: [{ kind: "retry", text: "Again.", until: "2026-01-01T00:00:02.000Z" }],
  prompt: "Why?",
  manifest: { window: 100 },
  finish_reason: "length",
  usage,
  origin: "0123456789abcdef m",
  service_state: [{ type: "t", signature: "s" }],
};
const calling = {
  role: "function_call",
  run_id: "q",
  tool_call: true,
  tool_call_id: "c",
  tool_name: "modify_cell",
  tool_args: { cellId: "a" },
  state: "success",
  duration_ms: 5.5,
};
const settings = { provider: "p", model: "m", settings: {} };
const given = {
  role: "tool",
  run_id: "q",
  tool_error: true,
  change: { kind: "modified", cell_id: "a", before: cell, after: { ...cell, ai: settings } },
  run: {
    turns: 1,
    tool_calls: 0,
    duration_ms: 12,
    usage,
    first_token_ms: 4,
    tokens_per_second: 80.5,
    price_usd: 0.001,
    unpriced: ["m"],
    limit: "The limit.",
  },
  continued_by: "r",
};
const callData = { tool_call_id: "c", tool_name: "modify_cell", arguments: { cellId: "a" } };
const resultData = { ...callData, status: "success", result: "{}", timestamp: "2026" };

/** @param {any} anode */
const read = (anode) => recordOf({ metadata: { anode } });

for (const record of [text, calling, given, {}]) {
  test(`a record is read as it is: ${Object.keys(record)}`, () => {
    assert.deepEqual(read(record), record);
    assert.deepEqual(read({ ...record, other: 1 }), record);
  });
}

test("metadata without a record is an empty one", () => {
  for (const anode of [undefined, null, "x", 1, [text]]) assert.deepEqual(read(anode), {});
});

for (const poison of [null, -1.5, "no such word", [[]], { x: 1 }, "\ud800", 2 ** 60]) {
  test(`one spoilt value costs that value alone: ${JSON.stringify(poison)}`, () => {
    for (const record of [text, calling, given]) {
      for (const name of Object.keys(record)) {
        const { [name]: gone, ...rest } = /** @type {any} */ (read({ ...record, [name]: poison }));
        const { [name]: was, ...expected } = /** @type {any} */ (record);
        assert.deepEqual(rest, expected, `${name}: ${gone} for ${was}`);
      }
    }
  });
}

test("spoilt items are passed over one by one, and half a change is none", () => {
  const notice = { kind: "retry", text: "Again." };
  assert.deepEqual(read({ notices: [1, notice, { text: "x" }, { kind: "retry" }] }), {
    notices: [notice],
  });
  for (const change of [
    { kind: "modified", cell_id: "a", before: { ...cell, source: 1 }, after: cell },
    { kind: "created", cell_id: "a", before: cell, after: cell },
    { kind: "deleted", cell_id: ["a"], before: cell },
    { kind: "created", cell_id: "a" },
  ]) {
    assert.deepEqual(read({ change, run_id: "q" }), { run_id: "q" });
  }
});

test("a call and its result", () => {
  const bundle = (/** @type {string} */ type, /** @type {any} */ data) => ({
    bundle: { [type]: { type: "inline", data } },
  });
  assert.deepEqual(callOf(bundle(CALL, callData)), callData);
  assert.deepEqual(
    callOf(bundle(CALL, { ...callData, arguments: "no {json" }))?.arguments,
    "no {json",
  );
  assert.deepEqual(resultOf(bundle(RESULT, resultData)), resultData);
  assert.deepEqual(resultOf(bundle(RESULT, { tool_call_id: "c", result: [1] }))?.result, [1]);
  for (const data of [undefined, null, [], "x", {}, { ...callData, tool_call_id: 1 }]) {
    assert.equal(callOf(bundle(CALL, data)), undefined);
    assert.equal(resultOf(bundle(RESULT, data)), undefined);
  }
  assert.equal(callOf(bundle(RESULT, resultData)), undefined);
});

// A notebook whose cell "ai" wrote all that a run writes, and what reads it.

const LOG = /** @type {any[]} */ ([
  ["v2.CellCreated", { id: "ai", cellType: "ai", fractionalIndex: "b", createdBy: "me" }],
  ["v1.ExecutionRequested", { queueId: "q", cellId: "ai", executionCount: 1, requestedBy: "me" }],
  markdown("thought", 0, { ...text, thinking: true }),
  markdown("answer", 1, text),
  display("call", 2, CALL, callData, calling),
  display("result", 3, RESULT, resultData, given),
  markdown("last", 4, { ...text, iteration: 2, run: given.run }),
]).map(([name, args]) => ({ name, args }));

/** @param {string} id @param {number} position @param {object} anode */
function markdown(id, position, anode) {
  const content = { type: "inline", data: `Text of ${id}.`, metadata: { anode } };
  return ["v1.MarkdownOutputAdded", { id, cellId: "ai", position, content }];
}

/** @param {string} id @param {number} position @param {string} type @param {object} data @param {object} anode */
function display(id, position, type, data, anode) {
  const representations = { [type]: { type: "inline", data, metadata: { anode } } };
  return ["v1.MultimediaDisplayOutputAdded", { id, cellId: "ai", position, representations }];
}

/** The ways to all values that are of a record. @param {any} value @param {(string | number)[]} way @returns {(string | number)[][]} */
function placesIn(value, way, isOf = false) {
  const inner = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const isStart = way.at(-1) === "anode" || way.at(-1) === "data";
  return [
    ...(isOf || isStart ? [way] : []),
    ...inner.flatMap((key) => placesIn(value[key], [...way, key], isOf || isStart)),
  ];
}

/** @param {(string | number)[]} place @param {any} value the log with it there */
function spoil(place, value) {
  const log = JSON.parse(JSON.stringify(LOG));
  const at = place.slice(0, -1).reduce((/** @type {any} */ inner, key) => inner[key], log);
  // As JSON has it: `__proto__` is a name like any other.
  const own = { value, enumerable: true, writable: true, configurable: true };
  Object.defineProperty(at, /** @type {string} */ (place.at(-1)), own);
  return log;
}

/** @param {any[]} log the notebook, and what its readers make of it */
function readAll(log) {
  const notebook = new Notebook((problem) => assert.fail(problem));
  notebook.apply(log);
  const outputs = notebook.outputs.of("ai");
  const order = ["a", "ai"];
  const { others, results } = pairResults(outputs);
  const { runId, source, account } = lastRunOf(outputs);
  const changes = changesOf(outputs, "q");
  const calls = outputs.flatMap((output) => callOf(output) ?? []);
  const said = [
    source && formatRun(source, account),
    formatTotal(totalOf(outputs)),
    ...changes.map((change) => formatChange(change, order)),
    ...calls.map(({ tool_name: name, arguments: args }) => formatCall(name, args, order)),
    ...outputs.map(recordOf).map(({ state, duration_ms: ms }) => formatState(state, ms)),
  ];
  for (const words of said) assert.equal(typeof (words ?? ""), "string");
  const execution = /** @type {any} */ (notebook.executions.of("ai"));
  const file = JSON.parse(JSON.stringify(writeIpynb(notebook)));
  return {
    outputs,
    others,
    results,
    runId,
    changes,
    calls,
    run: readRun(notebook, execution),
    file,
  };
}

const PLACES = LOG.flatMap((event, at) => placesIn(event, [at]).filter((way) => way.length > 3));

test("the readers read what a run wrote", () => {
  const { others, results, runId, changes, calls, run, file } = readAll(LOG);
  assert.deepEqual(
    [others.length, results.size, runId, changes.length, calls.length],
    [4, 1, "q", 1, 1],
  );
  assert.deepEqual([run.text, run.thinking], ["Text of answer.Text of last.", "Text of thought."]);
  assert.equal(file.cells[1].metadata.runt.run.calls[0].result, "{}");
  assert.ok(PLACES.length > 80, String(PLACES.length));
});

test("any JSON at any place is read without a throw, and the healthy outputs beside it count", () => {
  const random = randomJson(1, [...new Set(PLACES.flat().map(String))]);
  const whole = readAll(LOG);
  for (const place of PLACES) {
    for (let i = 0; i < 8; i++) {
      const value = random();
      const spoilt = LOG[Number(place[0])].args.id;
      const { outputs, run } = readAll(spoil(place, value));
      const told = JSON.stringify([place, value]);
      for (const [at, output] of outputs.entries()) {
        if (output.id === spoilt) continue;
        assert.deepEqual(recordOf(output), recordOf(whole.outputs[at]), told);
        assert.deepEqual(callOf(output), callOf(whole.outputs[at]), told);
        assert.deepEqual(resultOf(output), resultOf(whole.outputs[at]), told);
        if (output.kind === "markdown")
          assert.ok((run.text + run.thinking).includes(output.text), told);
      }
    }
  }
});
