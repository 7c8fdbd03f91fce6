// One output of a cell: the event that added it, and its deltas, each once, in the order of their sequence
// numbers, whatever order they arrive in. The output is folded when it is read.

/** @import { EventName } from "../../types.d.ts" */

import { compareText } from "../ordering.js";
import { pickPresent } from "./fields.js";

/**
 * @typedef {"terminal" | "markdown" | "display" | "result" | "error"} OutputKind
 * @typedef {{ type: "inline" | "artifact", data?: any, artifactId?: string, metadata?: any }} Representation
 * @typedef {Record<string, Representation>} Bundle
 * @typedef {{ text?: string, data?: Bundle, metadata?: any }} DeltaBody
 * @typedef {{ id: string, number: number, body: DeltaBody }} Delta
 *
 * An output before its deltas. Its metadata is kept beside that of the representations.
 * @typedef {object} Added
 * @property {OutputKind} kind
 * @property {string} [text]
 * @property {Bundle} [bundle]
 * @property {any} [error]
 * @property {any} [metadata]
 * @property {"stdout" | "stderr"} [streamName]
 * @property {string} [displayId]
 * @property {boolean} [isRestored] a restored display updates no other place of its display
 * @property {number} [executionCount]
 */

/**
 * Reads the output from each event that adds one.
 * @satisfies {{ readonly [Name in EventName]?: (args: any) => Added }}
 */
export const READ_ADDED = {
  "v1.TerminalOutputAdded": ({ content, streamName }) => ({
    ...{ kind: "terminal", text: readText(content), metadata: content.metadata, streamName },
  }),
  "v1.MarkdownOutputAdded": ({ content }) => ({
    ...{ kind: "markdown", text: readText(content), metadata: content.metadata },
  }),
  "v1.MultimediaDisplayOutputAdded": ({ representations: bundle, displayId }) => ({
    ...{ kind: "display", bundle, displayId },
  }),
  "v1.MultimediaResultOutputAdded": ({ representations: bundle, executionCount }) => ({
    ...{ kind: "result", bundle, executionCount },
  }),
  "v1.ErrorOutputAdded": ({ content }) => ({
    ...{ kind: "error", error: readData(content), metadata: content.metadata },
  }),
  "v1.OutputRestored": readRestored,
};

export class Output {
  #added;
  /** The representations that an update of its display id put in place of the added ones. @type {Bundle | undefined} */
  #replaced;
  /** @type {Set<string>} */
  #seen = new Set();
  /** @type {Delta[]} */
  #deltas = [];
  #isStale = true;
  #folded = 0;
  #text = "";
  /** @type {Bundle} */
  #bundle = {};
  /** @type {any} */
  #metadata = {};

  /** @param {{ id: string, cellId: string, position: number }} place @param {Added} added */
  constructor({ id, cellId, position }, added) {
    this.#added = added;
    this.id = id;
    this.cellId = cellId;
    this.position = position;
    this.kind = added.kind;
    /** Of an error: ename, evalue, traceback. */
    this.error = isObject(added.error) ? added.error : {};
    /** Of a terminal output. */
    this.streamName = added.streamName;
    /** Of a display: the id that updates of it name. */
    this.displayId = added.displayId;
    /** Of a result. */
    this.executionCount = added.executionCount;
  }

  /** Of a terminal or Markdown output. */
  get text() {
    this.#fold();
    return this.#text;
  }

  /** Of a display or result. */
  get bundle() {
    this.#fold();
    return this.#bundle;
  }

  /** The metadata of all representations, with the deltas merged in. */
  get metadata() {
    this.#fold();
    return this.#metadata;
  }

  /** @param {Delta} delta */
  addDelta(delta) {
    if (this.#seen.has(delta.id)) return;
    this.#seen.add(delta.id);
    const last = this.#deltas.at(-1);
    if (last && compare(delta, last) < 0) this.#isStale = true;
    this.#deltas.push(delta);
  }

  /**
   * Deltas apply on top of an update whichever came first, since the tables of a store do not keep the order.
   * @param {Bundle} representations replace those that were added
   */
  update(representations) {
    this.#replaced = representations;
    this.#isStale = true;
  }

  /** Applies the deltas that arrived since the last read, or all of them again after a late one. */
  #fold() {
    if (this.#isStale) {
      this.#deltas.sort(compare);
      this.#startOver();
      this.#isStale = false;
    }
    for (; this.#folded < this.#deltas.length; this.#folded++) {
      this.#apply(this.#deltas[this.#folded].body);
    }
  }

  #startOver() {
    const { text = "", bundle, metadata } = this.#added;
    this.#folded = 0;
    this.#text = text;
    this.#bundle = {};
    this.#metadata = {};
    this.#show(this.#replaced ?? bundle ?? {});
    this.#metadata = merge(this.#metadata, metadata ?? {});
  }

  /** @param {DeltaBody} body */
  #apply({ text = "", data, metadata }) {
    this.#text += text;
    if (data) this.#show(data);
    if (metadata) this.#metadata = merge(this.#metadata, metadata);
  }

  /** @param {Bundle} representations */
  #show(representations) {
    const shown = Object.entries(representations);
    const read = shown.map(([mime, representation]) => [mime, readRepresentation(representation)]);
    this.#bundle = { ...this.#bundle, ...Object.fromEntries(read) };
    // In the order of the MIME types, since the keys of a JSON object have none.
    for (const [, { metadata }] of shown.sort(([a], [b]) => compareText(a, b))) {
      this.#metadata = merge(this.#metadata, metadata ?? {});
    }
  }
}

/** Takes from a restored output only the fields that an output of its kind has. @param {any} args @returns {Added} */
function readRestored({ output, executionCount }) {
  const { kind, text, bundle, error, metadata, streamName, displayId } = output;
  switch (kind) {
    case "terminal":
      return { kind, metadata, text, streamName: streamName ?? "stdout" };
    case "markdown":
      return { kind, metadata, text };
    case "display":
      return { kind, metadata, bundle, displayId, isRestored: true };
    case "result":
      return { kind, metadata, bundle, executionCount };
    default:
      return { kind, metadata, error };
  }
}

/** @param {Representation} content */
function readText(content) {
  const data = readData(content);
  return typeof data === "string" ? data : "";
}

/** @param {Representation} content an artifact has no data here: that is kept elsewhere */
function readData({ type, data }) {
  return type === "inline" ? data : undefined;
}

/** Leaves out fields that are not in the vocabulary. @param {Representation} representation */
function readRepresentation({ type, data, artifactId, metadata }) {
  const content = type === "inline" ? { type, data } : { type, artifactId };
  return { ...content, ...pickPresent({ metadata }) };
}

/**
 * Two writers may use the same number: then the id decides, so that all readers agree.
 * @param {Delta} a
 * @param {Delta} b
 */
function compare(a, b) {
  return a.number - b.number || compareText(a.id, b.id);
}

/**
 * Merges `over` onto `under`, and nested objects likewise.
 * @param {any} under
 * @param {any} over
 */
function merge(under, over) {
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key);
    merged.set(key, isObject(before) && isObject(value) ? merge(before, value) : value);
  }
  return Object.fromEntries(merged);
}

/** @param {unknown} value @returns {value is any} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
