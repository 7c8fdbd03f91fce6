// The event that restores an output as it is, with its deltas.

/** @import { LogEvent } from "../../types.d.ts" */

import { canonicalJson } from "../clean-json.js";
import { pickPresent } from "../state/fields.js";
import { Output, READ_ADDED } from "../state/output.js";
import { outputJson } from "../state/snapshot.js";
import { readEvent } from "../wire-event.js";

/**
 * @param {Output} output
 * @returns {LogEvent | undefined} undefined if no such event gives the same output
 */
export function restoredFrom(output) {
  if (output.displayId !== undefined) return undefined;
  const { id, cellId, position, executionCount } = output;
  const args = {
    ...{ id, cellId, position, output: contentOf(output) },
    ...pickPresent({ executionCount }),
  };
  const event = readOrRefuse({ name: "v1.OutputRestored", args }); // it may be nested too deep
  if (!event) return undefined;
  const again = new Output(args, READ_ADDED["v1.OutputRestored"](event.args));
  // Metadata that was replaced by text and then by an object again is not what a single event gives.
  return canonicalJson(outputJson(again)) === canonicalJson(outputJson(output)) ? event : undefined;
}

/** @param {LogEvent} event @returns {LogEvent | undefined} undefined if the vocabulary refuses it */
export function readOrRefuse(event) {
  try {
    return readEvent(event);
  } catch {
    return undefined;
  }
}

/** @param {Output} output */
function contentOf({ kind, text, bundle, error, metadata, streamName }) {
  switch (kind) {
    case "terminal":
      return pickPresent({ kind, text, metadata, streamName });
    case "markdown":
      return { kind, text, metadata };
    case "error":
      return { kind, error, metadata };
    default:
      return { kind, bundle, metadata };
  }
}
