// Beside these, tests/unit/notebook/state/test_compact.py compares the folds of both languages for generated logs.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

import { compactLog, joinDeltas } from "../../../../js/notebook/compact/compact.js";
import { stateJson } from "../../../../js/notebook/state/snapshot.js";
import {
  cell,
  cleared,
  completed,
  delta,
  event,
  fold,
  inline,
  markdown,
  request,
  started,
} from "../../support/events.js";
import { AFTERNOON, week } from "../../support/week.js";

/** @import { LogEvent } from "../../../../js/types.d.ts" */

/** @param {readonly LogEvent[]} log */
const names = (log) => log.map(({ name }) => name.slice(3));
/** @param {readonly LogEvent[]} log */
const stateOf = (log) => stateJson(fold(...log).notebook);
const source = (/** @type {string} */ text) =>
  event("v1.CellSourceChanged", { id: "c", source: text, modifiedBy: "me" });
const update = (/** @type {string} */ text) =>
  event("v1.MultimediaDisplayOutputUpdated", {
    ...{ displayId: "bar", representations: { "text/plain": inline(text) } },
  });
const renewal = event("v1.RuntimeSessionRenewal", {
  ...{ sessionId: "s", renewedAt: "2026-01-01T00:00:00.000Z", validForMs: 30_000 },
});

const answered = [
  cell("c", "i"),
  source("a"),
  source("b"),
  request("q"),
  started("q"),
  cleared(),
  markdown("o", 0, "Once", { anode: { role: "assistant" } }),
  renewal,
  delta(0, { text: " upon" }),
  delta(1, { text: " a time", metadata: { anode: { usage: { tokens: 3 } } } }),
  completed("q"),
  source("c"),
];

test("an answer becomes one event in the place of the one that added it; sources, ids and times stay", () => {
  const log = compactLog(answered);
  const whole = event("v1.OutputRestored", {
    ...{ id: "o", cellId: "c", position: 0 },
    output: {
      ...{ kind: "markdown", text: "Once upon a time" },
      metadata: { anode: { role: "assistant", usage: { tokens: 3 } } },
    },
  });
  assert.deepEqual(log, [...answered.slice(0, 6), whole, ...answered.slice(10)]);
  assert.deepEqual(stateOf(log), stateOf(answered));
  assert.deepEqual(compactLog(log), log);
});

test("what is still running keeps its deltas", () => {
  const running = answered.slice(0, 10);
  assert.deepEqual(
    compactLog(running),
    running.filter((one) => one !== renewal),
  );
});

test("a cleared answer is whole as it was cleared, and what came for it later is left out", () => {
  const log = [...answered, cleared(), delta(2, { text: " too late" })];
  assert.deepEqual(compactLog(log), [...compactLog(answered), cleared()]);
});

test("what an AI run took stays when it is told of an output that is gone", () => {
  const told = (/** @type {number} */ number) =>
    delta(number, { metadata: { anode: { run_id: "q", run: { turns: number } } } });
  const log = [...answered, told(2), cleared(), told(3), delta(4, { text: " too late" })];
  const compact = compactLog(log);
  assert.deepEqual(compact.slice(-2), [cleared(), told(3)]);
  assert.deepEqual(
    fold(...compact).notebook.outputs.goneRuns.map(({ metadata }) => metadata.anode.run.turns),
    [2, 3],
  );
});

test("of the updates of a display the last stays, and the last before a clear", () => {
  const shown = event("v1.MultimediaDisplayOutputAdded", {
    ...{ id: "o", cellId: "c", position: 0, displayId: "bar" },
    representations: { "text/plain": inline("0 %") },
  });
  const log = [
    cell("c", "i"),
    shown,
    update("1"),
    update("2"),
    cleared(),
    update("3"),
    update("4"),
  ];
  assert.deepEqual(compactLog(log), [log[0], shown, update("2"), cleared(), update("4")]);
});

test("a log with an event that is not understood stays as it is", () => {
  const carried = event("v1.MultimediaDisplayOutputAdded", {
    ...{ id: "d", cellId: "c", position: 0 },
    representations: {
      "application/vnd.runt-pyodide.delta+json": { type: "inline", data: { id: "d" } },
    },
  });
  for (const odd of [event("v9.News"), event("v1.CellDeleted", { id: 1 }), carried]) {
    const log = [...answered, odd];
    assert.equal(compactLog(log), log);
  }
});

test("every fold case comes to its state", () => {
  const folder = new URL("../../../../schema/fold-cases/", import.meta.url);
  for (const file of readdirSync(folder)) {
    for (const { rule, log, state } of JSON.parse(readFileSync(new URL(file, folder), "utf8"))) {
      const joined = joinDeltas(log.map((/** @type {[string, any]} */ one) => event(...one)));
      assert.deepEqual(stateOf(joined), state, `${file}: ${rule}`);
    }
  }
});

test("a week's use is a sixth of its events, and nothing that a person did is missing", () => {
  const log = week(AFTERNOON).flat();
  const fewer = compactLog(log);
  assert.ok(
    log.length > 19_000 && fewer.length < log.length / 6,
    `${fewer.length} of ${log.length}`,
  );
  const done = names(log).filter((name) => !/OutputDelta|Renewal|Added/.test(name));
  assert.deepEqual(
    names(fewer).filter((name) => name !== "OutputRestored"),
    done,
  );
});
