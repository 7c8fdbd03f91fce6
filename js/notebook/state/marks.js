// Marks of the vocabulary of the runt notebooks. What a runtime writes in it has a mark where their application shows it
// in another way than it is meant: a marked event stands for another event, or for none. docs/events.md has the rules;
// runt_pyodide/notebook/vocabulary.py is the counterpart.

/** @import { LogEvent } from "../../types.d.ts" */

import { compareText } from "../ordering.js";

/** The key of a mark in the metadata of an output's content, or of one of its representations. */
const MARK = "runt-pyodide";
/** The MIME type of a display that stands for the delta in it: earlier versions wrote such. */
const CARRIED = "application/vnd.runt-pyodide.delta+json";

const BUNDLED = [
  "v1.MultimediaDisplayOutputAdded",
  "v1.MultimediaResultOutputAdded",
  "v1.MultimediaDisplayOutputUpdated",
];
const TEXTS = ["v1.TerminalOutputAdded", "v1.MarkdownOutputAdded", "v1.ErrorOutputAdded"];

/** @typedef {[mime: string, mark: Record<string, any>]} Mark of a text the MIME type is empty */

/**
 * Returns the event that a valid event stands for: mostly itself; undefined if it is only for the readers of a runt
 * notebook. What a mark holds is not checked yet.
 * @param {LogEvent} event
 * @returns {LogEvent | undefined}
 */
export function readMarks(event) {
  const marks = marksOf(event);
  if (marks.length === 0) return event;
  const delta = marks.find(([, mark]) => Object.hasOwn(mark, "delta"));
  if (delta) return /** @type {LogEvent} */ ({ name: "v1.OutputDelta", args: delta[1].delta });
  for (const [, mark] of marks) {
    if (Object.hasOwn(mark, "continues") && event.name === "v1.TerminalOutputAdded") {
      return readPiece(event.args, mark.continues);
    }
    if (Object.hasOwn(mark, "markdown")) {
      const args = { ...event.args, content: mark.markdown };
      return /** @type {LogEvent} */ ({ name: "v1.MarkdownOutputAdded", args });
    }
    if (Object.hasOwn(mark, "note")) return undefined;
  }
  return withoutMarks(event, marks);
}

/**
 * Returns an output that only the readers of a runt notebook see.
 * @param {{ id: string, cellId: string, position: number }} place @param {string} text
 * @returns {LogEvent}
 */
export function noteOf(place, text) {
  const shown = { type: "inline", data: text, metadata: { [MARK]: { note: true } } };
  const args = { ...place, representations: { "text/plain": shown } };
  return { name: "v1.MultimediaDisplayOutputAdded", args };
}

/**
 * Returns an output's row as the event that adds it, whatever delta it was last written for.
 * @param {LogEvent} event
 * @returns {LogEvent}
 */
export function withoutDelta(event) {
  return withMarks(event, (mark) => {
    const rest = without(mark, "delta");
    return Object.keys(rest).length > 0 ? rest : undefined;
  });
}

/**
 * Returns the delta from one state of an output's row to the next, if it was written for one.
 * @param {any} before @param {any} event each the event that adds the output
 * @returns {LogEvent | undefined}
 */
export function deltaBetween(before, event) {
  const delta = marksOf(event).find(([, mark]) => isObject(mark.delta))?.[1].delta;
  const [was, is] = [readMarks(withoutDelta(before)), readMarks(withoutDelta(event))];
  if (!delta || !is) return undefined;
  const { content, representations } = /** @type {any} */ (is.args);
  const text = textOf(is).slice(textOf(was).length);
  const body = content
    ? { text, metadata: without(content.metadata ?? {}, MARK) }
    : { data: representations };
  return { name: "v1.OutputDelta", args: { ...delta, delta: body } };
}

/** @param {any} event @returns {Mark[]} */
function marksOf({ name, args }) {
  const found = TEXTS.includes(name)
    ? { "": args.content }
    : BUNDLED.includes(name)
      ? args.representations
      : {};
  const carried = Object.hasOwn(found, CARRIED) && found[CARRIED].type === "inline";
  if (carried && name === "v1.MultimediaDisplayOutputAdded") {
    return [[CARRIED, { delta: found[CARRIED].data }]];
  }
  return Object.keys(found)
    .sort(compareText)
    .flatMap((mime) => {
      const metadata = found[mime].metadata ?? {};
      const mark = Object.hasOwn(metadata, MARK) ? metadata[MARK] : undefined;
      return isObject(mark) ? [/** @type {Mark} */ ([mime, mark])] : [];
    });
}

/** @param {any} args of a terminal output that continues another @param {any} continues @returns {LogEvent} */
function readPiece({ id, content }, continues) {
  const place = isObject(continues) ? continues : {};
  return {
    name: "v2.TerminalOutputAppended",
    args: { ...place, id, delta: content.type === "inline" ? content.data : undefined },
  };
}

/**
 * Returns an output as it was before representations were replaced for readers.
 * @param {any} event @param {Mark[]} marks @returns {LogEvent}
 */
function withoutMarks(event, marks) {
  if (!BUNDLED.includes(event.name)) return event;
  const { representations } = withMarks(event, () => undefined).args;
  const replaced = marks.filter(([, { standIn }]) => standIn === true).map(([mime]) => mime);
  const kept = marks.map(([, mark]) => mark.kept).filter(isObject);
  const bundle = Object.assign(without(representations, ...replaced), ...kept);
  return { ...event, args: { ...event.args, representations: bundle } };
}

/**
 * Returns the event with other marks, or without those for which there is none.
 * @param {any} event @param {(mark: any) => any} change @returns {any}
 */
function withMarks(event, change) {
  const { args } = event;
  const marked = new Set(marksOf(event).map(([mime]) => mime));
  const remark = (/** @type {any} */ shown) => {
    const mark = change(shown.metadata[MARK]);
    const rest = without(shown.metadata, MARK);
    const metadata = mark === undefined ? rest : { ...rest, [MARK]: mark };
    if (Object.keys(metadata).length > 0) return { ...shown, metadata };
    return without(shown, "metadata");
  };
  if (marked.size === 0 || marked.has(CARRIED)) return event;
  if (TEXTS.includes(event.name))
    return { ...event, args: { ...args, content: remark(args.content) } };
  const shown = Object.entries(args.representations).map(([mime, one]) => [
    mime,
    marked.has(mime) ? remark(one) : one,
  ]);
  return { ...event, args: { ...args, representations: Object.fromEntries(shown) } };
}

/** @param {any} event @returns {string} */
function textOf(event) {
  const data = event?.args.content?.data;
  return typeof data === "string" ? data : "";
}

/** @param {any} object @param {...string} keys @returns {any} */
function without(object, ...keys) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** @param {unknown} value @returns {value is any} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
