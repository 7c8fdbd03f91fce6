// The beginning of a file as a person sees it: a picture, a table, text, or that it is neither. No more of it is read.

import { partName } from "./names.js";

/** Bytes of text that are read. */
const BEGINNING = 64 << 10;
const LARGEST_PICTURE = 8 << 20;
const ROWS = 50;
const COLUMNS = 30;

/** The encodings that are offered, as TextDecoder and Python call them. */
export const ENCODINGS = ["utf-8", "windows-1252", "utf-16le", "shift_jis"];

/** @type {Record<string, string>} */
const PICTURES = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
};

/**
 * `isWrong`: it does not read as the encoding says.
 * @typedef {{ encoding: string, isWrong: boolean, isWhole: boolean }} Reading
 * @typedef {{ kind: "picture", address: string } | { kind: "binary" } | { kind: "empty" }
 *   | { kind: "text", text: string } & Reading
 *   | { kind: "table", rows: readonly (readonly string[])[] } & Reading} Preview
 */

/**
 * @param {string} path
 * @param {Blob} content
 * @param {string} [encoding] one that a person has chosen
 * @returns {Promise<Preview>} rejects if the content cannot be read any more
 */
export async function previewOf(path, content, encoding) {
  if (content.size === 0) return { kind: "empty" };
  const ending = partName(path)[1].toLowerCase();
  if (PICTURES[ending] && content.size <= LARGEST_PICTURE) {
    return { kind: "picture", address: await addressOf(content, PICTURES[ending]) };
  }
  const bytes = new Uint8Array(await content.slice(0, BEGINNING).arrayBuffer());
  const reading = read(bytes, content.size <= BEGINNING, encoding);
  if (!reading) return { kind: "binary" };
  const { text, ...about } = reading;
  if (![".csv", ".tsv"].includes(ending)) return { kind: "text", text, ...about };
  const rows = readTable(about.isWhole ? text : text.slice(0, text.lastIndexOf("\n") + 1) || text);
  return { kind: "table", rows: rows.slice(0, ROWS).map((row) => row.slice(0, COLUMNS)), ...about };
}

/** @param {Uint8Array} bytes @param {boolean} isWhole @param {string} [chosen] */
function read(bytes, isWhole, chosen) {
  const isText = chosen !== undefined || !bytes.subarray(0, 8000).includes(0);
  const encoding = chosen ?? (isUtf16(bytes) ? "utf-16le" : "utf-8");
  if (!isText && encoding !== "utf-16le") return undefined;
  try {
    // With `stream`, a letter that is cut at the end of the beginning is no error.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !isWhole });
    return { text, encoding, isWrong: false, isWhole };
  } catch {
    return { text: new TextDecoder(encoding).decode(bytes), encoding, isWrong: true, isWhole };
  }
}

/** @param {Uint8Array} bytes */
function isUtf16([first, second]) {
  return first === 0xff && second === 0xfe;
}

/**
 * Reads a table of text: fields between commas, semicolons or tabs, whichever its first line has most of (RFC 4180).
 * @param {string} text
 * @returns {string[][]} at most as many rows as are shown
 */
export function readTable(text) {
  const separator = separatorOf(text);
  /** @type {string[][]} */
  const rows = [];
  const field = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${separator}\r\n][^${separator}\r\n]*|))(${separator}|\r?\n|\r|$)`,
    "y",
  );
  /** @type {string[]} */
  let row = [];
  while (rows.length < ROWS && field.lastIndex < text.length) {
    const found = field.exec(text);
    if (!found) break; // a quote that nothing closes
    const [, quoted, plain, end] = found;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === separator) continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

/** @param {string} text */
function separatorOf(text) {
  const [line] = text.split(/[\r\n]/, 1);
  const counts = [",", ";", "\t"].map(
    (one) => /** @type {const} */ ([line.split(one).length, one]),
  );
  return counts.sort(([a], [b]) => b - a)[0][1];
}

/** As a data: address, the only one that the page's policy lets a picture have. @param {Blob} content @param {string} type @returns {Promise<string>} */
function addressOf(content, type) {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([content], { type }));
  });
}
