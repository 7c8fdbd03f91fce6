// Reads a Jupyter notebook into the events that add its cells to one of ours.

/** @import { Cell } from "../state/cells.js" */
/** @import { Event } from "../cell-events.js" */
/** @import { Notebook } from "../state/notebook.js" */

import { cellEvents, newId } from "../cell-events.js";
import { indicesFor } from "../cell-order.js";
import { cleanJson } from "../clean-json.js";
import { MAGICS, isJson } from "./write.js";

/**
 * @typedef {object} Place
 * @property {(id: string) => boolean} isFree whether a cell may have this id
 * @property {(count: number) => string[]} indices returns fractional indices, in order, for that many cells
 * @property {boolean} isEmpty whether our notebook is empty: then it takes the file's title too
 * @property {string} author
 */

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
 * @param {string} text of the file
 * @param {Place} place
 * @returns {{ events: Event[], count: number }}
 * @throws {Error} if the file is not a notebook that can be read; the message is for people
 */
export function readIpynb(text, { isFree, indices, isEmpty, author }) {
  const file = parse(text);
  const taken = new Set();
  const places = indices(file.cells.length);
  const cells = file.cells.map((/** @type {any} */ cell, /** @type {number} */ i) => {
    const isFine = typeof cell.id === "string" && isFree(cell.id) && !taken.has(cell.id);
    const id = isFine ? cell.id : newId();
    taken.add(id);
    return readCell(cell, id, places[i], author);
  });
  const title = isEmpty ? metadataEvents(file.metadata ?? {}) : [];
  return { events: [...title, ...cells.flat()], count: cells.length };
}

/** @param {string} text */
function parse(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw new Error("This file is not a notebook: it is not JSON.", { cause: error });
  }
  if (!Array.isArray(file?.cells)) {
    const isOld = Array.isArray(file?.worksheets);
    throw new Error(
      isOld
        ? "This notebook has an old format. Open it in Jupyter, save it, and import it again."
        : "This file is not a notebook: it has no list of cells.",
    );
  }
  return cleanJson(file);
}

/** @param {any} metadata @returns {Event[]} */
function metadataEvents({ title, runt }) {
  const known = { ...(typeof title === "string" && { title }), ...runt?.metadata };
  return Object.entries(known).map(([key, value]) =>
    key === "title"
      ? ["v1.NotebookTitleChanged", { title: String(value) }]
      : ["v1.NotebookMetadataSet", { key, value: String(value) }],
  );
}

/**
 * @param {any} cell
 * @param {string} id
 * @param {string} fractionalIndex
 * @param {string} author
 * @returns {Event[]}
 */
function readCell(
  { cell_type: type, source, metadata = {}, outputs, attachments },
  id,
  fractionalIndex,
  author,
) {
  const { runt = {}, jupyter = {} } = metadata;
  const { cellType, text } = withoutMagic(type, textOf(source));
  /** @type {Cell} */
  const read = {
    ...{ id, cellType, fractionalIndex, modifiedBy: author },
    source: inlined(text, attachments ?? {}),
    sourceVisible: jupyter.source_hidden !== true,
    outputVisible: jupyter.outputs_hidden !== true && metadata.collapsed !== true,
    aiContextVisible: runt.ai_context !== false,
    ...(runt.ai_settings && { ai: runt.ai_settings }),
    ...(typeof runt.sql_variable === "string" && { sqlVariable: runt.sql_variable }),
    metadata: new Map(Object.entries(isObject(runt.metadata) ? runt.metadata : {})),
  };
  const written = Array.isArray(outputs) ? outputs : [];
  return [
    ...cellEvents(read, author),
    ...written.flatMap((output, i) => readOutput(output, { id: newId(), cellId: id, position: i })),
  ];
}

/** @param {string} type @param {string} source */
function withoutMagic(type, source) {
  const [first, ...rest] = source.split("\n");
  const found = Object.entries(MAGICS).find(([, magic]) => magic === first.trimEnd());
  if (type === "code" && found) return { cellType: found[0], text: rest.join("\n") };
  const known = ["code", "markdown", "raw"].includes(type);
  return { cellType: known ? type : "raw", text: source };
}

/** How often all pictures of a cell may be repeated in it, so that a file of a megabyte does not become a gigabyte. */
const MOST_REPEATED = 8;

/**
 * Replaces references to attached pictures by the pictures themselves, in one pass: a picture may hold what looks like
 * a reference to another one.
 * @param {string} text
 * @param {Record<string, any>} attachments
 */
function inlined(text, attachments) {
  const urls = new Map(
    Object.entries(attachments).map(([name, bundle]) => {
      const [[type, bytes] = []] = Object.entries(bundle);
      return [name, `data:${type};base64,${textOf(bytes)}`];
    }),
  );
  let left = MOST_REPEATED * [...urls.values()].reduce((sum, url) => sum + url.length, 0);
  // Longer names first: one may begin with another.
  const lengths = [...new Set([...urls.keys()].map((name) => name.length))].sort((a, b) => b - a);
  const [first, ...parts] = text.split("attachment:");
  const inline = parts.map((part) => {
    const length = lengths.find((each) => urls.has(part.slice(0, each))) ?? 0;
    const url = urls.get(part.slice(0, length)) ?? "";
    left -= url.length;
    return url && left >= 0 ? url + part.slice(length) : `attachment:${part}`;
  });
  return [first, ...inline].join("");
}

/**
 * @param {any} output
 * @param {{ id: string, cellId: string, position: number }} base
 * @returns {Event[]} empty for an output of an unknown type
 */
function readOutput(output, base) {
  const { output_type: type, data = {}, metadata = {} } = output;
  switch (type) {
    case "stream": {
      const streamName = output.name === "stderr" ? "stderr" : "stdout";
      const content = { type: "inline", data: textOf(output.text) };
      return [["v1.TerminalOutputAdded", { ...base, content, streamName }]];
    }
    case "error": {
      const { ename = "", evalue = "", traceback = [] } = output;
      const content = { type: "inline", data: { ename, evalue, traceback } };
      return [["v1.ErrorOutputAdded", { ...base, content }]];
    }
    case "display_data":
      if (metadata.runt?.kind === "markdown") {
        const content = {
          type: "inline",
          data: textOf(data["text/markdown"]),
          metadata: withoutOurs(metadata),
        };
        return [["v1.MarkdownOutputAdded", { ...base, content }]];
      }
      return [
        [
          "v1.MultimediaDisplayOutputAdded",
          { ...base, representations: readBundle(data, metadata) },
        ],
      ];
    case "execute_result": {
      const executionCount = output.execution_count ?? 0;
      const representations = readBundle(data, metadata);
      return [["v1.MultimediaResultOutputAdded", { ...base, representations, executionCount }]];
    }
    default:
      return [];
  }
}

/** @param {Record<string, any>} data @param {any} written @returns {any} */
function readBundle(data, written) {
  const metadata = withoutOurs(written);
  /** @type {Record<string, any>} */
  const bundle = {};
  for (const [type, each] of Object.entries(data)) {
    bundle[type] = { type: "inline", data: isJson(type) ? each : textOf(each) };
  }
  for (const [type, artifactId] of Object.entries(written.runt?.artifacts ?? {})) {
    bundle[type] = { type: "artifact", artifactId };
  }
  const last = Object.keys(bundle).at(-1);
  // Jupyter has one metadata object per output, we have one per representation: the last one is merged last.
  if (last !== undefined && Object.keys(metadata).length > 0) bundle[last].metadata = metadata;
  return bundle;
}

/** @param {any} metadata */
function withoutOurs({ runt, ...metadata }) {
  void runt;
  return metadata;
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} text a string, or a list of lines */
function textOf(text) {
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}
