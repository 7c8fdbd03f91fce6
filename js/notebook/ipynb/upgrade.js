// Brings a notebook of format 1, 2 or 3 to format 4, and any to the form in which nbformat reads it: lines joined,
// what is only of one session left out, and an id for each cell where the format has ids. The steps are those of
// nbformat, in its folders v2, v3 and v4. What they cannot deal with stays as it is.
// https://github.com/jupyter/nbformat/tree/main/nbformat

import { isObject, parseExact } from "./exact-json.js";

/** The names that format 3 has for MIME types. @type {Record<string, string>} */
const MIME_TYPES = {
  text: "text/plain",
  html: "text/html",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  latex: "text/latex",
  json: "application/json",
  javascript: "application/javascript",
};
/** The ends of lines, as Python knows them. */
// eslint-disable-next-line no-control-regex
const ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
const LAST_END = new RegExp(`(?:${ENDS.source})$`);
const OLD_LINES = ["text", "html", "svg", "latex", "javascript", "json"];

/**
 * @param {Record<string, any>} file of any format up to 4; its cells, if it has them, are objects
 * @param {number} format
 * @param {() => string} newId
 * @returns {Record<string, any>}
 */
export function upgrade(file, format, newId) {
  const whole = format < 4 ? fromWorksheets(format < 2 ? withWorksheet(file) : file, format) : file;
  return normal(whole, newId);
}

/** Format 1 to 2. @param {Record<string, any>} file */
function withWorksheet({ cells }) {
  const kept = cells.filter((/** @type {any} */ cell) => ["code", "text"].includes(cell.cell_type));
  const upgraded = kept.map((/** @type {any} */ cell) =>
    cell.cell_type === "code"
      ? {
          ...{ cell_type: "code", language: "python", outputs: [], collapsed: false },
          ...("code" in cell && { input: cell.code }),
          ...("prompt_number" in cell && { prompt_number: cell.prompt_number }),
        }
      : { cell_type: "markdown", ...("text" in cell && { source: cell.text }) },
  );
  return { nbformat: 2, metadata: {}, worksheets: [{ cells: upgraded }] };
}

/** Format 2 or 3 to 4. @param {Record<string, any>} file @param {number} format */
function fromWorksheets({ worksheets = [], orig_nbformat: orig, metadata, ...others }, format) {
  void orig;
  const { name, signature, ...kept } = isObject(metadata) ? metadata : {};
  void [name, signature];
  const cells = worksheets.flatMap((/** @type {any} */ sheet) => sheet?.cells ?? []);
  const { orig_nbformat_minor: minor, ...whole } = others;
  void minor;
  return {
    ...whole,
    ...{ nbformat: 4, nbformat_minor: 5, metadata: kept },
    cells: cells.map((/** @type {any} */ cell) => upgradeCell(joinOldLines(cell, format))),
  };
}

/** @param {Record<string, any>} cell @param {number} format */
function joinOldLines(cell, format) {
  const isCode = cell.cell_type === "code";
  const join = (/** @type {unknown} */ lines) => joinOld(lines, format);
  const joined = mapKeys(cell, isCode ? ["input"] : ["source", "rendered"], join);
  if (!isCode || !Array.isArray(cell.outputs)) return joined;
  const outputs = cell.outputs.map((output) =>
    isObject(output) ? mapKeys(output, OLD_LINES, join) : output,
  );
  return { ...joined, outputs };
}

/** Old lines may have been written without their ends. @param {unknown} lines @param {number} format */
function joinOld(lines, format) {
  if (!Array.isArray(lines) || !lines.every((line) => typeof line === "string")) return lines;
  return lines.join(format > 2 && /[\n\r]$/.test(lines[0] ?? "") ? "" : "\n");
}

/** @param {Record<string, any>} cell of format 3 */
function upgradeCell({ trusted, level = 1, ...cell }) {
  void trusted;
  const metadata = cell.metadata ?? {};
  switch (cell.cell_type) {
    case "code": {
      const { language, collapsed, input = "", prompt_number: count = null, ...others } = cell;
      void language;
      const isHidden = collapsed !== undefined && isObject(metadata);
      return {
        ...others,
        metadata: isHidden ? { ...metadata, collapsed } : metadata,
        ...{ source: input, execution_count: count },
        ...(Array.isArray(cell.outputs) && { outputs: cell.outputs.map(upgradeOutput) }),
      };
    }
    case "heading": {
      const line = String(cell.source ?? "")
        .replace(LAST_END, "")
        .replace(ENDS, " ");
      return {
        ...cell,
        ...{ metadata, cell_type: "markdown", source: `${"#".repeat(levelOf(level))} ${line}` },
      };
    }
    case "html":
      return { ...cell, metadata, cell_type: "markdown" };
    default:
      return { ...cell, metadata };
  }
}

/** @param {unknown} level of a heading, of which a file may have any */
function levelOf(level) {
  return typeof level === "number" ? Math.min(Math.max(Math.trunc(level) || 0, 0), 100) : 1;
}

/** @param {any} output of format 3 */
function upgradeOutput(output) {
  if (!isObject(output)) return output;
  switch (output.output_type) {
    case "pyout":
    case "display_data":
      return upgradeBundle(output);
    case "pyerr":
      return { ...output, output_type: "error" };
    case "stream": {
      const { stream: name = "stdout", ...others } = output;
      return { ...others, name };
    }
    default:
      return output;
  }
}

/** @param {Record<string, any>} output */
function upgradeBundle({ output_type: type, metadata = {}, prompt_number: count, ...written }) {
  const isResult = type === "pyout";
  const { execution_count: own, ...others } = written;
  if (!isResult && count !== undefined) others.prompt_number = count;
  const data = withMimeTypes(others);
  const json = data["application/json"];
  if (typeof json === "string") data["application/json"] = parsedOr(json);
  return {
    output_type: isResult ? "execute_result" : type,
    metadata: isObject(metadata) ? withMimeTypes(metadata) : metadata,
    ...(isResult
      ? { execution_count: count ?? null }
      : own !== undefined && { execution_count: own }),
    data,
  };
}

/** @param {string} json */
function parsedOr(json) {
  try {
    return parseExact(json);
  } catch {
    return json;
  }
}

/** @param {Record<string, any>} values @returns {Record<string, any>} */
function withMimeTypes(values) {
  const named = Object.entries(values).map(([key, value]) => [
    Object.hasOwn(MIME_TYPES, key) ? MIME_TYPES[key] : key,
    value,
  ]);
  return Object.fromEntries(named);
}

/** The form in which nbformat reads format 4. @param {Record<string, any>} file @param {() => string} newId */
function normal(file, newId) {
  const taken = new Set();
  const { nbformat_minor: minor } = file;
  const hasIds = typeof minor === "number" && minor >= 5;
  const cells = file.cells.map((/** @type {any} */ cell) => {
    const joined = normalCell(cell);
    if (!hasIds) return joined;
    const isFine = Object.hasOwn(joined, "id") && !taken.has(joined.id);
    const id = isFine ? joined.id : newId();
    taken.add(id);
    return { ...joined, id };
  });
  const metadata = without(file.metadata, "orig_nbformat", "orig_nbformat_minor", "signature");
  return { ...file, ...(file.metadata !== undefined && { metadata }), cells };
}

/** @param {Record<string, any>} cell @returns {Record<string, any>} */
function normalCell(cell) {
  const outputs =
    cell.cell_type === "code" && Array.isArray(cell.outputs)
      ? cell.outputs.map(normalOutput)
      : cell.outputs;
  const { attachments } = cell;
  return {
    ...mapKeys(cell, ["source"], joinLines),
    ...("metadata" in cell && { metadata: without(cell.metadata, "trusted") }),
    ...(isObject(attachments) && {
      attachments: mapKeys(attachments, Object.keys(attachments), joinBundle),
    }),
    ...("outputs" in cell && { outputs }),
  };
}

/** @param {any} output */
function normalOutput(output) {
  if (!isObject(output)) return output;
  const { output_type: type } = output;
  const isBundle = type === "execute_result" || type === "display_data";
  if (isBundle) return mapKeys(output, ["data"], joinBundle);
  const isNamed = typeof type === "string" && type !== "";
  return isNamed ? mapKeys(output, ["text"], joinLines) : output;
}

/** @param {any} bundle */
function joinBundle(bundle) {
  if (!isObject(bundle)) return bundle;
  const texts = Object.keys(bundle).filter((type) => !isJson(type));
  return mapKeys(bundle, texts, joinLines);
}

/** @param {unknown} lines */
function joinLines(lines) {
  const areLines = Array.isArray(lines) && lines.every((line) => typeof line === "string");
  return areLines ? lines.join("") : lines;
}

/** Whether data of a MIME type is JSON, which may be a list that is no text. @param {string} type */
export function isJson(type) {
  return type === "application/json" || (type.startsWith("application/") && type.endsWith("+json"));
}

/** @param {any} metadata @param {...string} keys */
function without(metadata, ...keys) {
  if (!isObject(metadata)) return metadata;
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !keys.includes(key)));
}

/**
 * @param {Record<string, any>} value
 * @param {string[]} keys of which those that are there are changed
 * @param {(item: any) => any} change
 */
function mapKeys(value, keys, change) {
  const chosen = new Set(keys);
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, chosen.has(key) ? change(item) : item]),
  );
}
