// What the outputs of an AI cell say about its runs: calls and their results, changes, usage and cost.

/** @import { Change, RunAccount } from "../types-ai-record.d.ts" */
/** @import { Output } from "./state/output.js" */

import { callOf, recordOf, resultOf } from "./ai-record.js";

/** The id of the call that an output shows, or whose result it is. @param {Output} output */
export function callIdOf(output) {
  return (callOf(output) ?? resultOf(output))?.tool_call_id;
}

/**
 * Separates results from the other outputs: a result whose call is there is shown with that call.
 * @param {readonly Output[]} outputs
 */
export function pairResults(outputs) {
  const called = new Set(outputs.flatMap((output) => callOf(output)?.tool_call_id ?? []));
  /** @type {Map<string, Output>} */
  const results = new Map();
  const others = outputs.filter((output) => {
    const id = resultOf(output)?.tool_call_id;
    if (id === undefined || !called.has(id)) return true;
    results.set(id, output);
    return false;
  });
  return { others, results };
}

/**
 * What a run changed, in order.
 * @param {readonly Output[]} outputs of its cell
 * @param {string} runId
 * @returns {Change[]}
 */
export function changesOf(outputs, runId) {
  return outputs
    .map(recordOf)
    .flatMap(({ run_id: id, change }) => (id === runId && change ? [change] : []));
}

/**
 * The cell's last run: which model answered, and, once the run has ended, its usage and cost.
 * @param {readonly Output[]} outputs
 */
export function lastRunOf(outputs) {
  const records = outputs.map(recordOf).filter(({ run_id: id }) => id !== undefined);
  const runId = records.at(-1)?.run_id;
  const its = records.filter(({ run_id: id }) => id === runId);
  return {
    runId,
    source: its.findLast(({ ai_provider: provider }) => provider),
    account: its.findLast(({ run }) => run)?.run,
    hasManifest: its.some(({ manifest }) => manifest),
  };
}

/**
 * The totals over all runs with these outputs. The price is what is known of it; `unpriced` counts the runs of which it is
 * not known, or not all.
 * @param {readonly Pick<Output, "metadata">[]} outputs those of runs that are gone, too
 * @param {(runId: string) => boolean} [isOwn] whether there was such a run here: a file may tell of others
 */
export function totalOf(outputs, isOwn) {
  const accounts = accountsOf(outputs, isOwn);
  const sum = (/** @type {(run: RunAccount) => number | undefined} */ count) =>
    accounts.reduce((total, run) => total + (count(run) ?? 0), 0);
  const priced = accounts.filter(({ price_usd: price }) => price !== undefined);
  return {
    runs: accounts.length,
    read: sum(({ usage }) => usage?.input_tokens),
    written: sum(({ usage }) => usage?.output_tokens),
    price: priced.length > 0 ? sum(({ price_usd: price }) => price) : undefined,
    unpriced: accounts.filter((run) => run.price_usd === undefined || run.unpriced?.length).length,
  };
}

/**
 * The latest account of each run: a run tells it after each turn, and its outputs may have been cleared and restored.
 * @param {readonly Pick<Output, "metadata">[]} outputs
 * @param {(runId: string) => boolean} [isOwn]
 */
function accountsOf(outputs, isOwn = () => true) {
  /** @type {Map<string, RunAccount>} */
  const latest = new Map();
  for (const { run_id: id, run } of outputs.map(recordOf)) {
    if (id === undefined || !run || !isOwn(id)) continue;
    const { turns: before = 0 } = latest.get(id) ?? {};
    if ((run.turns ?? 0) >= before) latest.set(id, run);
  }
  return [...latest.values()];
}
