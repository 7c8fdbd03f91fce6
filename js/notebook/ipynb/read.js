// Reads a Jupyter notebook into the events that add its cells to one of ours. What our notebook has no place for is
// found by writing it again and comparing, and carried with the cells; see carried.js.

/** @import { Cell } from "../state/cells.js" */
/** @import { Event } from "../cell-events.js" */

import { cellEvents, newId } from "../cell-events.js";
import { indicesFor } from "../cell-order.js";
import { cleanJson } from "../clean-json.js";
import { Notebook } from "../state/notebook.js";
import { CARRIED, findCarried } from "./carried.js";
import { isObject } from "./exact-json.js";
import { readFile } from "./file.js";
import { isPython, languageOf } from "./language.js";
import { readMagic } from "./magics.js";
import { readOutput } from "./outputs.js";
import { LANGUAGE_KEYS, choiceOf, isLoader, writeOurs } from "./write.js";

export { foreignLanguage } from "./language.js";

/**
 * @typedef {object} Place
 * @property {(id: string) => boolean} isFree whether a cell may have this id
 * @property {(count: number) => string[]} indices returns fractional indices, in order, for that many cells
 * @property {boolean} isEmpty whether our notebook is empty: then it takes what the file says of the notebook, too
 * @property {string} author
 * @property {string} [name] the file's, without its ending: the title, if the file has none
 * @property {() => string} [makeId]
 */

/** What of `runt` in metadata is ours alone, in this version's files or earlier ones'. */
const OUR_KEYS = ["cell_type", "ai_context", "ai_settings", "sql_variable", "metadata", "run"];

/** The place below all cells of a notebook. @param {Notebook} fold @param {readonly string[]} order @param {string} author @returns {Place} */
export function placeAtEnd(fold, order, author) {
  const last = fold.cells.get(order.at(-1) ?? "")?.fractionalIndex ?? null;
  return {
    isFree: (id) => !fold.wasCell(id),
    indices: (count) => indicesFor(count, last),
    isEmpty: fold.cells.size === 0,
    author,
  };
}

/**
 * @param {string | Uint8Array} content the file's text, or its bytes
 * @param {Place} place
 * @returns {{ events: Event[], count: number }}
 * @throws {Error} if the file is not a notebook that can be read; the message is for people
 */
export function readIpynb(content, place) {
  const { makeId = newId } = place;
  const file = readFile(content, makeId);
  const language = languageOf(file.metadata);
  if (!place.isEmpty && !isPython(language)) {
    throw new Error(
      `This notebook is written in ${language}. Import it into a notebook of its own.`,
    );
  }
  const cells = file.cells.filter((/** @type {any} */ cell) => !isLoader(cell));
  const ids = chooseIds(cells, place.isFree, makeId);
  const whole = place.isEmpty ? notebookEvents(file, place.name) : [];
  const settings = isObject(file.metadata?.runt) ? file.metadata.runt.metadata : {};
  const choice = place.isEmpty ? choiceOf(textsOf(settings)) : "";
  const places = place.indices(cells.length);
  const read = cells.flatMap((/** @type {any} */ cell, /** @type {number} */ i) => {
    const base = { id: ids[i], fractionalIndex: places[i], modifiedBy: place.author };
    const ours = readCell(cell, base, { choice, isPython: isPython(language) });
    return [...cellEvents(ours, place.author), ...outputEvents(cell, ids[i], makeId)];
  });
  const events = [...whole, ...read];
  return {
    events: [...events, ...carriedEvents(events, { ...file, cells }, ids, place.isEmpty)],
    count: cells.length,
  };
}

/** @param {any[]} cells @param {(id: string) => boolean} isFree @param {() => string} makeId @returns {string[]} */
function chooseIds(cells, isFree, makeId) {
  const taken = new Set();
  return cells.map(({ id }) => {
    const isFine = typeof id === "string" && cleanJson(id) === id && isFree(id) && !taken.has(id);
    const chosen = isFine ? id : makeId();
    taken.add(chosen);
    return chosen;
  });
}

/** @param {any} file @param {string} [name] @returns {Event[]} what the file says of the notebook as a whole */
function notebookEvents({ metadata, nbformat_minor: minor }, name) {
  const { title, runt, ...others } = isObject(metadata) ? metadata : {};
  const named = typeof title === "string" && title ? title : name;
  const texts = textsOf(isObject(runt) ? runt.metadata : {});
  const keys = LANGUAGE_KEYS.filter((key) => (others[key] ?? null) !== null);
  return [
    ...(named ? [titleEvent(named)] : []),
    ...[...texts].filter(([key]) => key !== "title").map(settingEvent),
    ...keys.map((key) => jsonEvent(key, cleanJson(others[key]))),
    jsonEvent(CARRIED, { minor: Number.isSafeInteger(minor) ? minor : 0 }),
  ];
}

/** @param {string} title @returns {Event} */
const titleEvent = (title) => ["v1.NotebookTitleChanged", { title: cleanJson(title) }];
/** @param {[key: string, value: string]} entry @returns {Event} */
const settingEvent = ([key, value]) => ["v1.NotebookMetadataSet", { key, value }];
/** @param {string} key @param {any} value @returns {Event} */
const jsonEvent = (key, value) => ["v1.NotebookJsonSet", { key, value }];

/** @param {unknown} values of a file @returns {Map<string, string>} */
function textsOf(values) {
  const entries = Object.entries(isObject(values) ? values : {});
  return new Map(entries.map(([key, value]) => [cleanJson(key), textOf(value)]));
}

/** @param {unknown} value */
function textOf(value) {
  const clean = cleanJson(value ?? "");
  return typeof clean === "string" ? clean : JSON.stringify(clean);
}

/**
 * @param {any} cell
 * @param {{ id: string, fractionalIndex: string, modifiedBy: string }} base
 * @param {{ choice: string, isPython: boolean }} notebook
 * @returns {Omit<Cell, "createdBy">}
 */
function readCell({ cell_type: type, source, metadata }, base, notebook) {
  const about = isObject(metadata) ? metadata : {};
  const [runt, jupyter] = [about.runt, about.jupyter].map((one) => (isObject(one) ? one : {}));
  const text = textOf(source);
  const clean = cleanJson(runt);
  const read = readMagic(type === "code" ? text : "", clean, notebook);
  const isText = type === "markdown";
  return {
    ...base,
    ...(type === "code" ? read : { ...read, cellType: isText ? "markdown" : "raw", source: text }),
    sourceVisible: jupyter.source_hidden !== true,
    outputVisible: jupyter.outputs_hidden !== true && about.collapsed !== true,
    aiContextVisible: runt.ai_context !== false,
  };
}

/** @param {any} cell @param {string} cellId @param {() => string} makeId @returns {Event[]} */
function outputEvents({ cell_type: type, outputs }, cellId, makeId) {
  if (type !== "code" || !Array.isArray(outputs)) return [];
  return outputs.map((output, position) => [
    "v1.OutputRestored",
    { id: makeId(), cellId, position, ...readOutput(output) },
  ]);
}

/**
 * What of the file our notebook has no place for.
 * @param {readonly Event[]} events that have been read
 * @param {any} file
 * @param {readonly string[]} ids of our cells
 * @param {boolean} isEmpty
 * @returns {Event[]}
 */
function carriedEvents(events, { cells, ...file }, ids, isEmpty) {
  const notebook = new Notebook(() => {});
  notebook.apply(events.map(([name, args]) => ({ name, args })));
  const written = writeOurs(notebook);
  const ofCells = written.cells.map(({ ours }, i) => carriedOfCell(ours, cells[i], ids[i]));
  if (!isEmpty) return ofCells.flat();
  const { minor } = notebook.json.get(CARRIED);
  const isOdd = !Number.isSafeInteger(file.nbformat_minor);
  const theirs = {
    ...file,
    ...(!isOdd && { nbformat_minor: written.ours.nbformat_minor }),
    ...("metadata" in file && { metadata: withOurs(file.metadata, written.ours.metadata) }),
  };
  const carried = { minor, ...findCarried(written.ours, theirs) };
  return [jsonEvent(CARRIED, carried), ...ofCells.flat()];
}

/**
 * What of a cell our notebook has no place for. Its outputs are not compared: each carries what is its own.
 * @param {Record<string, any>} written
 * @param {any} cell
 * @param {string} cellId
 * @returns {Event[]}
 */
function carriedOfCell(written, cell, cellId) {
  const [ours, theirs] = [{ ...written }, { ...cell }];
  if ("metadata" in cell) theirs.metadata = withOurs(cell.metadata, ours.metadata);
  const { runt } = isObject(cell.metadata) ? cell.metadata : {};
  // Where a setting stands in the metadata, as in earlier versions, its line is written anew.
  if (isObject(runt) && (runt.ai_settings ?? runt.sql_variable)) theirs.source = ours.source;
  if (ours.outputs && Array.isArray(cell.outputs)) theirs.outputs = ours.outputs;
  const hasOwnId = "id" in cell && (typeof cell.id !== "string" || cell.id === cellId);
  if (!hasOwnId) [ours, theirs].forEach((one) => delete one.id);
  const carried = findCarried(ours, theirs);
  if (Object.keys(carried).length === 0) return [];
  const value = { type: ours.cell_type, ...carried };
  return [["v1.CellMetadataSet", { cellId, key: CARRIED, value }]];
}

/** The metadata of a file, with what is ours in them as we write it. @param {any} theirs @param {any} ours */
function withOurs(theirs, ours) {
  if (!isObject(theirs) || !isObject(theirs.runt)) return theirs;
  const own = Object.entries(theirs.runt).filter(([key]) => !OUR_KEYS.includes(key));
  const runt = { ...Object.fromEntries(own), ...ours.runt };
  const others = Object.entries(theirs).filter(([key]) => key !== "runt");
  return { ...Object.fromEntries(others), ...(Object.keys(runt).length > 0 && { runt }) };
}
