// What the outputs of an AI cell tell of its runs: calls and their results, changes, the account.

/** @import { Output } from "./state/output.js" */

export const CALL = "application/vnd.anode.aitool+json";
export const RESULT = "application/vnd.anode.aitool.result+json";

/**
 * @typedef {object} Snapshot
 * @property {string} cell_type
 * @property {string} source
 * @property {string} fractional_index
 *
 * @typedef {object} Change one change of one cell, as it was before and after
 * @property {"created" | "modified" | "moved" | "deleted"} kind
 * @property {string} cell_id
 * @property {Snapshot} [before]
 * @property {Snapshot} [after]
 */

/** The id of the call that an output is, or is the result of. @param {Output} output */
export function callIdOf(output) {
  return output.bundle[CALL]?.data?.tool_call_id ?? output.bundle[RESULT]?.data?.tool_call_id;
}

/**
 * The outputs without the results that stand at their calls, and those results by the calls' ids.
 * @param {readonly Output[]} outputs
 */
export function pairResults(outputs) {
  const called = new Set(outputs.filter(({ bundle }) => CALL in bundle).map(callIdOf));
  /** @type {Map<string, Output>} */
  const results = new Map();
  const others = outputs.filter((output) => {
    const isPaired = RESULT in output.bundle && called.has(callIdOf(output));
    if (isPaired) results.set(callIdOf(output), output);
    return !isPaired;
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
  return outputs.flatMap(({ anode }) =>
    anode.run_id === runId && anode.change ? [anode.change] : [],
  );
}

/**
 * The cell's last run: who answered, and, once it has ended, what it took.
 * @param {readonly Output[]} outputs
 */
export function lastRunOf(outputs) {
  const anodes = outputs.map(({ anode }) => anode).filter(({ run_id: id }) => id !== undefined);
  const runId = /** @type {string | undefined} */ (anodes.at(-1)?.run_id);
  const its = anodes.filter(({ run_id: id }) => id === runId);
  return {
    runId,
    source: its.findLast(({ ai_provider: provider }) => provider),
    account: its.findLast(({ run }) => run)?.run,
    hasManifest: its.some(({ manifest }) => manifest),
  };
}

/**
 * What the runs took together whose outputs these are; a price only where each is known.
 * @param {readonly Output[]} outputs
 */
export function totalOf(outputs) {
  const accounts = outputs.map(({ anode }) => anode.run).filter((run) => run !== undefined);
  const sum = (/** @type {(run: any) => number | undefined} */ count) =>
    accounts.reduce((total, run) => total + (count(run) ?? 0), 0);
  const isPriced = accounts.every(({ price_usd: price }) => price !== undefined);
  return {
    runs: accounts.length,
    read: sum(({ usage }) => usage?.input_tokens),
    written: sum(({ usage }) => usage?.output_tokens),
    price: isPriced ? sum(({ price_usd: price }) => price) : undefined,
  };
}
