// Reads the text of a notebook's file, of any format that Jupyter reads. What is wrong with a file is said in one
// sentence, for people.

import { newId } from "../cell-events.js";
import { isObject, parseExact } from "./exact-json.js";
import { upgrade } from "./upgrade.js";

/** The latest format that is known. */
const FORMAT = 4;
const NO_TEXT =
  "This file is not text in UTF-8, as notebooks are. Save it in UTF-8, then try again.";
const MERGE = /^(?:<{7}|>{7}) /m;

/**
 * Returns the text of a file's bytes.
 * @param {Uint8Array} bytes
 * @returns {string}
 * @throws {Error} if they are no text
 */
export function decodeFile(bytes) {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const encoding = isUtf16 ? (first === 0xff ? "utf-16le" : "utf-16be") : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error(NO_TEXT, { cause: error });
  }
}

/**
 * @param {string | Uint8Array} content the file's text, or its bytes
 * @param {() => string} [makeId]
 * @returns {any} the notebook in format 4, with joined lines; see `upgrade` and `parseExact`
 * @throws {Error} if it cannot be read
 */
export function readFile(content, makeId = newId) {
  const file = parseFile(typeof content === "string" ? content : decodeFile(content));
  if (!isObject(file)) throw new Error("This file is not a notebook: it has no list of cells.");
  const format = formatOf(file);
  const lists = format === 3 || format === 2 ? sheetsOf(file) : [file.cells];
  for (const cells of lists) checkCells(cells);
  return upgrade(file, format, makeId);
}

/** @param {string} text */
function parseFile(text) {
  const trimmed = text.replace(/^\uFEFF/, "");
  try {
    return parseExact(trimmed);
  } catch (error) {
    throw new Error(describeText(trimmed, error), { cause: error });
  }
}

/** Says why a text is not JSON. @param {string} text @param {unknown} error */
function describeText(text, error) {
  if (error instanceof RangeError) return "This file is nested too deep to be read as a notebook.";
  if (text.trim() === "") return "This file is empty.";
  if (text.includes("\0")) return NO_TEXT; // UTF-16 without its mark, UTF-32, or no text at all
  if (MERGE.test(text)) {
    return "This file has the marks of a merge in it (<<<<<<<). Resolve the conflict, for example with nbdime, then try again.";
  }
  if (text.trimStart().startsWith("<")) {
    return "This file is a web page, not a notebook. Download the notebook itself, on GitHub with “Download raw file”.";
  }
  if (text.startsWith("version https://git-lfs")) {
    return "This file is a pointer of Git LFS, not the notebook itself. Fetch the notebook with `git lfs pull`, then try again.";
  }
  return "This file is not a notebook: it is not JSON, or it is cut off.";
}

/** @param {Record<string, any>} file @returns {number} */
function formatOf({ nbformat, worksheets, cells }) {
  const format = nbformat ?? (worksheets === undefined && isOfFormat1(cells) ? 1 : undefined);
  if (format === undefined) return worksheets === undefined ? FORMAT : 3;
  if (Number.isInteger(format) && format >= 1 && format <= FORMAT) return format;
  throw new Error(
    `This notebook has the format ${JSON.stringify(format)}, and only formats 1 to ${FORMAT} can be read. Save it in format ${FORMAT}, then try again.`,
  );
}

/** @param {unknown} cells */
function isOfFormat1(cells) {
  const [first] = Array.isArray(cells) ? cells : [];
  return isObject(first) && !("source" in first) && ("code" in first || "text" in first);
}

/** @param {Record<string, any>} file @returns {unknown[]} */
function sheetsOf({ worksheets }) {
  if (!Array.isArray(worksheets)) return [undefined];
  return worksheets.map((sheet) => (isObject(sheet) ? sheet.cells : undefined));
}

/** @param {unknown} cells */
function checkCells(cells) {
  if (!Array.isArray(cells))
    throw new Error("This file is not a notebook: it has no list of cells.");
  const at = cells.findIndex((cell) => !isObject(cell));
  if (at < 0) return;
  const kind = cells[at] === null ? "null" : Array.isArray(cells[at]) ? "a list" : typeof cells[at];
  throw new Error(`This notebook cannot be read: cell ${at + 1} is ${kind}, not a cell.`);
}
