// One output of a cell, in a file and in our notebook. What ours has no place for is carried with it, whole, and is
// written again as long as nothing has changed the output.

/** @import { Bundle } from "../state/output.js" */

import { cleanJson } from "../clean-json.js";
import { compareText } from "../ordering.js";
import { Output, READ_ADDED } from "../state/output.js";
import { outputJson } from "../state/snapshot.js";
import { CARRIED } from "./carried.js";
import { isEqual, isObject, pack, unpack } from "./exact-json.js";
import { isJson } from "./upgrade.js";

/** What an AI run says about an output stands for all its representations. */
const RECORD = "anode";

/**
 * Returns what `v1.OutputRestored` says of an output of a file, besides its place.
 * @param {any} written in the form of `upgrade`
 * @returns {{ output: any, executionCount?: number }}
 */
export function readOutput(written) {
  const { output, ...count } = readPlain(isObject(written) ? written : {});
  const read = cleanJson(output);
  if (isEqual(writeState(stateOf({ output: read, ...count })), written)) {
    return { output: read, ...count };
  }
  return {
    output: { ...read, metadata: { ...read.metadata, [CARRIED]: pack(written) } },
    ...count,
  };
}

/** @param {Record<string, any>} written @returns {{ output: any, executionCount?: number }} */
function readPlain(written) {
  const { output_type: type, data, metadata, execution_count: count } = written;
  switch (type) {
    case "stream": {
      const streamName = written.name === "stderr" ? "stderr" : "stdout";
      return { output: { kind: "terminal", text: textOf(written.text), streamName } };
    }
    case "error": {
      const { ename, evalue, traceback } = written;
      const lines = [traceback ?? []].flat().map(textOf);
      const error = { ename: textOf(ename), evalue: textOf(evalue), traceback: lines };
      return { output: { kind: "error", error } };
    }
    case "execute_result":
      return {
        output: { kind: "result", ...readBundle(data, metadata) },
        ...(Number.isSafeInteger(count) && { executionCount: count }),
      };
    default: {
      if (metadata?.runt?.kind !== "markdown") {
        return { output: { kind: "display", ...readBundle(data, metadata) } };
      }
      // What JupyterLite shows of an answer may have notices in it.
      const { text: own } = metadata.runt;
      const text = typeof own === "string" ? own : textOf(data?.["text/markdown"]);
      return { output: { kind: "markdown", text, metadata: ownMetadata(metadata) } };
    }
  }
}

/**
 * The representations, with what the metadata say of each, and the rest of the metadata.
 * @param {unknown} written
 * @param {unknown} about
 * @returns {{ bundle: Bundle, metadata: Record<string, any> }}
 */
function readBundle(written, about) {
  const metadata = ownMetadata(about);
  /** @type {[string, any][]} */
  const bundle = Object.entries(isObject(written) ? written : {}).map(([type, data]) => {
    const own = isOwn(metadata[type]) ? metadata[type] : undefined;
    if (own) delete metadata[type];
    return [type, { type: "inline", data, ...(own && { metadata: own }) }];
  });
  const { artifacts } = isObject(about) && isObject(about.runt) ? about.runt : {};
  for (const [type, artifactId] of Object.entries(isObject(artifacts) ? artifacts : {})) {
    bundle.push([type, { type: "artifact", artifactId: String(artifactId) }]);
  }
  return { bundle: Object.fromEntries(bundle), metadata };
}

/** Whether metadata can stand at a representation, apart from that of the output. @param {unknown} metadata */
function isOwn(metadata) {
  if (!isObject(metadata) || Object.keys(metadata).length === 0) return false;
  return !Object.hasOwn(metadata, CARRIED) && !Object.hasOwn(metadata, RECORD);
}

/** The output's metadata, without what is of our files. @param {unknown} metadata @returns {Record<string, any>} */
function ownMetadata(metadata) {
  if (!isObject(metadata)) return {};
  const entries = Object.entries(metadata).filter(([key]) => key !== "runt" && key !== CARRIED);
  return Object.fromEntries(entries);
}

/** @param {unknown} text */
function textOf(text) {
  if (typeof text === "string") return text;
  return text === undefined || text === null ? "" : JSON.stringify(cleanJson(text));
}

/**
 * Returns the output as a file has it, with its lines joined.
 * @param {Output} output
 * @returns {any}
 */
export function writeOutput(output) {
  const state = outputJson(output);
  const { [CARRIED]: carried, ...metadata } = state.metadata ?? {};
  if (carried === undefined) return writeState(state);
  const theirs = unpack(carried);
  const then = stateOf(readOutput(theirs));
  return isEqual({ ...then, id: state.id, position: state.position }, state)
    ? theirs
    : writeState({ ...state, metadata });
}

/** What the output comes to. @param {{ output: any, executionCount?: number }} restored */
function stateOf(restored) {
  const added = READ_ADDED["v1.OutputRestored"](restored);
  return outputJson(new Output({ id: "", cellId: "", position: 0 }, added));
}

/** @param {any} state without what is carried @returns {any} */
function writeState({ kind, text = "", bundle = {}, error = {}, metadata = {}, ...others }) {
  switch (kind) {
    case "terminal":
      return { output_type: "stream", name: others.streamName ?? "stdout", text };
    case "error": {
      const { ename = "", evalue = "", traceback } = error;
      const lines = Array.isArray(traceback) ? traceback.map(String) : [];
      return {
        ...{ output_type: "error", ename: String(ename), evalue: String(evalue) },
        traceback: lines,
      };
    }
    case "markdown":
      return {
        output_type: "display_data",
        data: { "text/markdown": text },
        metadata: { ...metadata, runt: { kind } },
      };
    default:
      return {
        output_type: kind === "result" ? "execute_result" : "display_data",
        ...(kind === "result" && { execution_count: others.executionCount ?? null }),
        ...writeBundle(bundle, metadata),
      };
  }
}

/** @param {Bundle} bundle @param {Record<string, any>} metadata those of the representations, merged, and others */
function writeBundle(bundle, metadata) {
  /** @type {[string, any][]} */
  const data = [];
  /** @type {[string, any][]} */
  const about = [];
  /** @type {[string, string][]} */
  const artifacts = [];
  for (const [type, one] of Object.entries(bundle)) {
    if (one.type === "artifact") artifacts.push([type, String(one.artifactId)]);
    else data.push([type, isJson(type) ? one.data : textOf(one.data)]);
    const { [RECORD]: record, ...own } = one.metadata ?? {};
    void record;
    if (Object.keys(own).length > 0) about.push([type, own]);
  }
  const shared = Object.entries(metadata).filter(([key, value]) => !isOfOne(bundle, key, value));
  return {
    data: Object.fromEntries(data),
    metadata: {
      ...Object.fromEntries([...shared, ...about]),
      ...(artifacts.length > 0 && { runt: { artifacts: Object.fromEntries(artifacts) } }),
    },
  };
}

/**
 * Whether a value in an output's metadata is that of one of the representations.
 * @param {Bundle} bundle
 * @param {string} key
 * @param {unknown} value
 */
function isOfOne(bundle, key, value) {
  if (key === RECORD) return false;
  const last = Object.keys(bundle)
    .sort(compareText)
    .findLast((type) => Object.hasOwn(bundle[type].metadata ?? {}, key));
  return last !== undefined && isEqual(bundle[last].metadata?.[key], value);
}
