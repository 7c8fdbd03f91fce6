// Writes the notebook as a Jupyter notebook of format 4. An AI cell becomes a code cell that begins with `%%ai`, which
// runs in JupyterLite with this project's wheel and is readable without it; an SQL cell becomes one that begins with
// `%%sql`. Whatever Jupyter has no field for is under `runt` in the metadata, and what a file held that we have no
// place for is put back.
// https://nbformat.readthedocs.io/en/latest/format_description.html

/** @import { Cell } from "../state/cells.js" */
/** @import { Notebook } from "../state/notebook.js" */

import { readFromFile } from "../person/from-file.js";
import { CARRIED, putBack } from "./carried.js";
import { isObject } from "./exact-json.js";
import { completeCell, writeCell } from "./write-cell.js";

/** The first minor version of the format in which cells have ids. */
const WITH_IDS = 5;
/** The first cell of a file with AI cells, if none of its own loads what runs them in JupyterLite. */
const LOADER_ID = "load-runt-pyodide";
const LOADER = "%pip install -q runt-pyodide\n%load_ext runt_pyodide";
const LOADS = /^[ \t]*%load_ext[ \t]+runt_pyodide\b/m;
/** Of notebooks that run anywhere, and of those with AI cells, which run in Pyodide. */
const PYTHON = { name: "python3", display_name: "Python 3", language: "python" };
const PYODIDE = { name: "python", display_name: "Python (Pyodide)", language: "python" };
/** What a notebook has of its own, that our vocabulary has a key for. */
export const LANGUAGE_KEYS = ["kernelspec", "language_info"];

/** @param {Notebook} notebook @returns {any} the file, for `stringifyExact` */
export function writeIpynb(notebook) {
  const { ours, cells } = writeOurs(notebook);
  const carried = notebook.json.get(CARRIED);
  return splitLines({
    ...putBack(ours, carried),
    cells: [...loaderFor(cells), ...cells.map(({ ours, cell }) => completeCell(ours, cell))],
  });
}

/**
 * The notebook as we write it, without what its file held and with joined lines.
 * @param {Notebook} notebook
 * @returns {{ ours: Record<string, any>, cells: { ours: Record<string, any>, cell: Cell }[] }}
 */
export function writeOurs(notebook) {
  const cells = notebook.order.map((id) => /** @type {Cell} */ (notebook.cells.get(id)));
  const hasAi = cells.some(({ cellType }) => cellType === "ai");
  const minor = minorOf(notebook.json.get(CARRIED));
  const hasIds = minor >= WITH_IDS || hasAi || cells.some(({ cellType }) => cellType === "sql");
  const choice = choiceOf(notebook.metadata);
  return {
    ours: {
      nbformat: 4,
      nbformat_minor: hasIds ? Math.max(minor, WITH_IDS) : minor,
      metadata: writeMetadata(notebook, hasAi ? PYODIDE : PYTHON),
    },
    cells: cells.map((cell) => {
      const { id, ...others } = writeCell(notebook, cell, choice);
      return { cell, ours: hasIds ? { id, ...others } : others };
    }),
  };
}

/** The minor version that the notebook's file had. @param {unknown} carried of a log, which may hold anything */
function minorOf(carried) {
  const minor = isObject(carried) ? carried.minor : undefined;
  return Number.isSafeInteger(minor) ? minor : WITH_IDS;
}

/** The choice of a model for cells that make none, as it stands on a line. @param {{ get(key: string): string | undefined }} metadata */
export function choiceOf(metadata) {
  const provider = metadata.get("ai_provider");
  const model = metadata.get("ai_model");
  return [provider, model].filter(Boolean).join("/");
}

/** @param {Notebook} notebook @param {typeof PYTHON} kernelspec if the file has none */
function writeMetadata(notebook, kernelspec) {
  const { metadata, json } = notebook;
  const title = metadata.get("title");
  const { title: shown, ...own } = { ...Object.fromEntries(metadata), ...heldSettings(notebook) };
  void shown;
  return {
    kernelspec: json.get("kernelspec") ?? kernelspec,
    language_info: json.get("language_info") ?? { name: "python" },
    ...(title && { title }),
    ...(Object.keys(own).length > 0 && { runt: { metadata: own } }),
  };
}

/** What another file said to the model goes on with this one, used or not. @param {Notebook} notebook @returns {Record<string, string>} */
function heldSettings(notebook) {
  const { settings = {} } = readFromFile(notebook) ?? {};
  return Object.fromEntries(
    Object.entries(settings).filter(([key]) => !notebook.metadata.get(key)),
  );
}

/** @param {{ cell: Cell }[]} cells @returns {Record<string, any>[]} */
function loaderFor(cells) {
  const isLoaded = cells.some(({ cell }) => cell.cellType === "code" && LOADS.test(cell.source));
  if (isLoaded || !cells.some(({ cell }) => cell.cellType === "ai")) return [];
  const shown = { cell_type: "code", id: LOADER_ID, metadata: {}, source: LOADER };
  return [{ ...shown, execution_count: null, outputs: [] }];
}

/** Whether a cell of a file is the one that we add. @param {Record<string, any>} cell */
export function isLoader({ id, source }) {
  return id === LOADER_ID && source === LOADER;
}

/** Text as lists of lines, as Jupyter writes it, so that files can be compared. @param {Record<string, any>} file */
function splitLines(file) {
  const cells = file.cells.map((/** @type {any} */ cell) => ({
    ...cell,
    ...(typeof cell.source === "string" && { source: linesOf(cell.source) }),
    ...(Array.isArray(cell.outputs) && { outputs: cell.outputs.map(splitOutput) }),
  }));
  return { ...file, cells };
}

/** @param {any} output */
function splitOutput(output) {
  if (!isObject(output)) return output;
  const { output_type: type, text, data } = output;
  if (type === "stream" && typeof text === "string") return { ...output, text: linesOf(text) };
  const isBundle = type === "display_data" || type === "execute_result";
  if (!isBundle || !isObject(data)) return output;
  const lines = Object.entries(data).map(([mime, value]) => [
    mime,
    typeof value === "string" && HAS_LINES.test(mime) ? linesOf(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(lines) };
}

/** The MIME types whose text Jupyter writes in lines. */
const HAS_LINES = /^(?:text\/|application\/javascript$|image\/svg\+xml$)/;

/** @param {string} text */
function linesOf(text) {
  return text.split(/(?<=\n)/).filter(Boolean);
}
