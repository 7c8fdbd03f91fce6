// Writes a cell as a cell of a Jupyter notebook.

/** @import { Cell } from "../state/cells.js" */
/** @import { Notebook } from "../state/notebook.js" */
/** @import { Output } from "../state/output.js" */

import { callOf, recordOf, resultOf } from "../ai-record.js";
import { lastRunOf } from "../ai-run.js";
import { ownOf, readFromFile } from "../person/from-file.js";
import { pickPresent } from "../state/fields.js";
import { CARRIED, putBack } from "./carried.js";
import { isObject } from "./exact-json.js";
import { writeMagic } from "./magics.js";
import { writeOutput } from "./outputs.js";

/**
 * @param {Notebook} notebook
 * @param {Cell} cell
 * @param {string} choice of a model for cells that make none
 * @returns {Record<string, any>} the cell as we write it, with joined lines, without what its file held
 */
export function writeCell(notebook, cell, choice) {
  const outputs = notebook.outputs.of(cell.id);
  const { source, runt } = writeMagic(withPrompt(notebook, cell), choice);
  const isCode = cell.cellType !== "markdown" && cell.cellType !== "raw";
  return {
    cell_type: isCode ? "code" : cell.cellType,
    id: validId(cell.id),
    metadata: writeMetadata(cell, outputs, runt),
    source,
    ...(isCode && {
      execution_count: notebook.executions.countOf(cell.id) ?? countOf(outputs),
      outputs: outputs.map(writeOutput),
    }),
  };
}

/**
 * Puts back what the cell's file held. A cell of another type than in the file gets its metadata alone, since its other
 * fields are of that type.
 * @param {Record<string, any>} ours
 * @param {Cell} cell
 */
export function completeCell(ours, cell) {
  const carried = cell.metadata.get(CARRIED);
  if (!isObject(carried)) return ours;
  const whole = putBack(ours, carried);
  // Before `jupyter.outputs_hidden` a collapsed cell had its outputs hidden; here they were shown since.
  if (cell.outputVisible && whole.metadata?.collapsed === true) delete whole.metadata.collapsed;
  return carried.type === ours.cell_type ? whole : { ...ours, metadata: whole.metadata };
}

/** What another file said to the model goes on with this one, used or not. @param {Notebook} notebook @param {Cell} cell @returns {Cell} */
function withPrompt(notebook, cell) {
  const systemPrompt = ownOf(readFromFile(notebook)?.prompts ?? {}, cell.id);
  if (!cell.ai || systemPrompt === undefined) return cell;
  return { ...cell, ai: { ...cell.ai, settings: { systemPrompt, ...cell.ai.settings } } };
}

/** Jupyter's schema allows fewer characters than our vocabulary. @param {string} id */
function validId(id) {
  return id.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 64) || "cell";
}

/** @param {readonly Output[]} outputs */
function countOf(outputs) {
  return outputs.findLast(({ kind }) => kind === "result")?.executionCount ?? null;
}

/** @param {Cell} cell @param {readonly Output[]} outputs @param {Record<string, any>} besides what does not stand in the source */
function writeMetadata(cell, outputs, besides) {
  const { cellType, sourceVisible, outputVisible, aiContextVisible } = cell;
  const hidden = {
    ...(!sourceVisible && { source_hidden: true }),
    ...(!outputVisible && { outputs_hidden: true }),
  };
  const runt = {
    ...(!aiContextVisible && { ai_context: false }),
    ...besides,
    ...(cellType === "ai" && outputs.length > 0 && { run: runOf(cell, outputs) }),
  };
  return {
    ...(Object.keys(hidden).length > 0 && { jupyter: hidden }),
    ...(Object.keys(runt).length > 0 && { runt }),
  };
}

/** A cell's last run, for people who read the file. @param {Cell} cell @param {readonly Output[]} outputs */
function runOf(cell, outputs) {
  const { source, account, runId } = lastRunOf(outputs);
  const its = outputs.filter((output) => recordOf(output).run_id === runId);
  const results = new Map(its.map(resultOf).map((result) => [result?.tool_call_id, result]));
  return pickPresent({
    prompt: its.map(recordOf).find(({ prompt }) => prompt)?.prompt ?? cell.source,
    answer: its
      .filter((output) => output.kind === "markdown" && !recordOf(output).thinking)
      .map(({ text }) => text)
      .join("\n\n"),
    calls: its.flatMap((output) => {
      const call = callOf(output);
      if (!call) return [];
      const { tool_call_id: id, tool_name: name, arguments: args } = call;
      const { status, result } = results.get(id) ?? {};
      const { state } = recordOf(output);
      return [pickPresent({ name, arguments: args, state, status, result })];
    }),
    provider: source?.ai_provider,
    model: source?.ai_model,
    ...account,
  });
}
