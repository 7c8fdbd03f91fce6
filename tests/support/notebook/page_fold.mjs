// node page_fold.mjs: folds a log for each line that comes, {"batches": [[event, ...], ...]}, as the page
// does, and answers with a line: the state that it comes to, what was refused and passed over, and the
// changes that `apply` did not tell of. Or joins the deltas of a log, {"log": [event, ...], "later": [event, ...]}, and
// answers with what that makes of it.
import { createInterface } from "node:readline";
import process from "node:process";

import { canonicalJson } from "../../../js/notebook/clean-json.js";
import { compactLog, joinDeltas } from "../../../js/notebook/compact/compact.js";
import { Notebook } from "../../../js/notebook/state/notebook.js";
import { cellJson, outputJson, stateJson } from "../../../js/notebook/state/snapshot.js";

/** @import { WireEvent } from "../../../js/types.d.ts" */

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answerTo(line))}\n`);
}

/** @param {string} line */
function answerTo(line) {
  try {
    const { batches, log, later } = JSON.parse(line);
    return batches ? foldLog(batches) : joinLog(log, later);
  } catch (error) {
    return { error: /** @type {Error} */ (error).stack };
  }
}

/** @param {WireEvent[][]} batches */
function foldLog(batches) {
  /** @type {string[]} */
  const problems = [];
  const notebook = new Notebook((problem) => void problems.push(problem));
  /** @type {string[]} */
  const untold = [];
  let before = readParts(notebook);
  for (const batch of batches) {
    const touched = notebook.apply(batch);
    const after = readParts(notebook);
    for (const [key, value] of after) {
      // What comes and goes is told by the list that it stands in.
      const hasChanged = before.has(key) && before.get(key) !== value;
      if (hasChanged && !touched.has(key)) untold.push(key);
    }
    before = after;
  }
  return { state: stateJson(notebook), problems, untold };
}

/**
 * @param {readonly WireEvent[]} log
 * @param {readonly WireEvent[]} later what is written after it; whatever names an output whose deltas were joined, is left out
 */
function joinLog(log, later) {
  const joined = joinDeltas(log);
  const kept = new Set(log);
  const whole = new Set(joined.flatMap((event) => (kept.has(event) ? [] : [event.args.id])));
  const rest = later.filter((event) => !whole.has(/** @type {any} */ (event)?.args?.outputId));
  return {
    events: joined,
    states: [stateOf(log), stateOf(joined), stateOf(compactLog(log))],
    laterStates: [stateOf([...log, ...rest]), stateOf([...joined, ...rest])],
    isSettled: canonicalJson(joinDeltas(joined)) === canonicalJson(joined),
  };
}

/** @param {readonly any[]} log */
function stateOf(log) {
  const notebook = new Notebook();
  notebook.apply(log);
  return canonicalJson([stateJson(notebook), notebook.outputs.goneRuns]);
}

/** What readers are told of, by the keys that `apply` names. @param {Notebook} notebook */
function readParts(notebook) {
  const { order, outputs, executions, approvals, policies, sessions } = notebook;
  /** @type {Map<string, any>} */
  const parts = new Map();
  parts.set("order", order);
  parts.set("metadata", [[...notebook.metadata], [...notebook.json]]);
  parts.set("sessions", [...sessions]);
  parts.set("approvals", [...approvals]);
  parts.set("policies", policies);
  parts.set("queue", executions.open);
  for (const [id, cell] of notebook.cells) parts.set(`cell/${id}`, cellJson(cell));
  for (const { cellId } of executions.byId.values()) {
    parts.set(`execution/${cellId}`, executions.of(cellId));
  }
  for (const cellId of [...outputs.cellIds, ...notebook.cells.keys()]) {
    const shown = outputs.of(cellId);
    parts.set(
      `outputs/${cellId}`,
      shown.map(({ id }) => id),
    );
    for (const output of shown) parts.set(`output/${output.id}`, outputJson(output));
  }
  return new Map([...parts].map(([key, part]) => [key, JSON.stringify(part)]));
}
