// What the outputs of an AI cell tell of its runs: calls and their results, changes, the account.

/** @import { Change, RunAccount } from "../types-ai-record.d.ts" */
/** @import { Output } from "./state/output.js" */

import { callOf, recordOf, resultOf } from "./ai-record.js";

/** The id of the call that an output is, or is the result of. @param {Output} output */
export function callIdOf(output) {
  return (callOf(output) ?? resultOf(output))?.tool_call_id;
}

/**
 * The outputs without the results that stand at their calls, and those results by the calls' ids.
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
 * The cell's last run: who answered, and, once it has ended, what it took.
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
 * What the runs took together whose outputs these are; a price only if each is known.
 * @param {readonly Output[]} outputs
 */
export function totalOf(outputs) {
  const accounts = outputs.map(recordOf).flatMap(({ run }) => run ?? []);
  const sum = (/** @type {(run: RunAccount) => number | undefined} */ count) =>
    accounts.reduce((total, run) => total + (count(run) ?? 0), 0);
  const isPriced = accounts.every(({ price_usd: price }) => price !== undefined);
  return {
    runs: accounts.length,
    read: sum(({ usage }) => usage?.input_tokens),
    written: sum(({ usage }) => usage?.output_tokens),
    price: isPriced ? sum(({ price_usd: price }) => price) : undefined,
  };
}
