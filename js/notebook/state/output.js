// One output of a cell: the event that added it, and the deltas that followed in the order of their
// sequence numbers, whatever order they came in, once each. It is folded when it is read.

/**
 * @typedef {"terminal" | "markdown" | "display" | "result" | "error"} OutputKind
 * @typedef {{ type: string, data?: any, artifactId?: string, metadata?: any }} Representation
 * @typedef {Record<string, Representation>} Bundle
 * @typedef {{ text?: string, data?: Bundle, metadata?: any }} DeltaBody
 * @typedef {{ id: string, number: number, body: DeltaBody }} Delta
 *
 * What an output has before its deltas.
 * @typedef {object} Added
 * @property {string} text
 * @property {Bundle} [bundle] of a display or result
 * @property {any} [error]
 * @property {any} [metadata] beside the representations' own
 */

/** @type {Record<string, OutputKind>} */
const OUTPUT_KINDS = {
  "v1.TerminalOutputAdded": "terminal",
  "v1.MarkdownOutputAdded": "markdown",
  "v1.MultimediaDisplayOutputAdded": "display",
  "v1.MultimediaResultOutputAdded": "result",
  "v1.ErrorOutputAdded": "error",
};
const RESTORED = "v1.OutputRestored";

/** @param {string} name whether the event adds an output */
export function addsOutput(name) {
  return name === RESTORED || Object.hasOwn(OUTPUT_KINDS, name);
}

export class Output {
  /** @type {Added} */
  #added;
  /** What an update of its display id put in the place of the representations. @type {Bundle | undefined} */
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

  /** @param {string} name @param {any} args of the event that added it */
  constructor(name, args) {
    const isRestored = name === RESTORED;
    const own = isRestored ? args.output : args;
    this.kind = /** @type {OutputKind} */ (isRestored ? own.kind : OUTPUT_KINDS[name]);
    this.id = /** @type {string} */ (args.id);
    this.cellId = /** @type {string} */ (args.cellId);
    this.position = /** @type {number} */ (args.position);
    this.displayId = /** @type {string | undefined} */ (own.displayId);
    /** Of a result. */
    this.executionCount = /** @type {number | undefined} */ (args.executionCount);
    this.streamName = /** @type {"stdout" | "stderr" | undefined} */ (own.streamName);
    this.#added = isRestored ? { text: "", ...own } : readAdded(this.kind, own);
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

  /** What stands on the representations, deltas merged in. */
  get metadata() {
    this.#fold();
    return this.#metadata;
  }

  /** What an AI cell says of this output: role, provider, model, how it ended. */
  get anode() {
    const { anode } = this.metadata;
    return isObject(anode) ? anode : {};
  }

  /** Of an error: ename, evalue, traceback. */
  get error() {
    const { error } = this.#added;
    return isObject(error) ? error : {};
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
   * Deltas lie over it, whichever came first: tables of a store do not tell.
   * @param {Bundle} representations in the place of those that were added
   */
  update(representations) {
    this.#replaced = representations;
    this.#isStale = true;
  }

  /** Lays on the deltas that came since the last look, or all of them where one came late. */
  #fold() {
    if (this.#isStale) {
      this.#deltas.sort(compare);
      this.#readAdded();
      this.#isStale = false;
    }
    for (const { body } of this.#deltas.slice(this.#folded)) this.#apply(body);
    this.#folded = this.#deltas.length;
  }

  #readAdded() {
    const { text, bundle, metadata } = this.#added;
    this.#folded = 0;
    this.#bundle = {};
    this.#metadata = {};
    this.#text = text;
    if (bundle) this.#show(this.#replaced ?? bundle);
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
    this.#bundle = { ...this.#bundle, ...representations };
    for (const { metadata } of Object.values(representations)) {
      this.#metadata = merge(this.#metadata, metadata ?? {});
    }
  }
}

/** @param {OutputKind} kind @param {any} args @returns {Added} */
function readAdded(kind, { content, representations: bundle }) {
  const { data, metadata } = content ?? {};
  if (kind === "error") return { text: "", error: data, metadata };
  return { text: typeof data === "string" ? data : "", bundle, metadata };
}

/**
 * Two writers may give one number twice: the id decides, so that every reader agrees.
 * @param {Delta} a
 * @param {Delta} b
 */
function compare(a, b) {
  return a.number - b.number || (a.id < b.id ? -1 : 1);
}

/**
 * `over` laid on `under`, objects within objects likewise.
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
