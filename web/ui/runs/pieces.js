// Replaces pieces of a text as Python does when a model edits a cell (runt_pyodide/ai/tools/pieces.py), so that a person
// sees before what will stand there; both are held to schema/edit-cases/.

/** @import { CallData } from "../../../js/types-ai-record.d.ts" */

/** @typedef {{ old: string, new: string }} Piece */

/** Returns the pieces that a call of edit_cell is to replace, if it can be read. @param {CallData["arguments"]} args @returns {Piece[] | undefined} */
export function piecesOf(args) {
  if (typeof args !== "object") return undefined;
  const { old, new: written, edits } = /** @type {any} */ (args);
  const pieces = Array.isArray(edits) && edits.length > 0 ? edits : [{ old, new: written }];
  return pieces.every(isPiece) ? pieces : undefined;
}

/** @param {any} piece */
function isPiece(piece) {
  return typeof piece?.old === "string" && typeof piece.new === "string";
}

/**
 * Returns the text with all pieces replaced, or nothing where Python refuses to.
 * @param {string} text
 * @param {readonly Piece[]} pieces
 * @returns {string | undefined}
 */
export function replacePieces(text, pieces) {
  const placed = pieces
    .map((piece) => ({ ...piece, start: placeOf(piece.old, text) }))
    .sort((one, other) => one.start - other.start);
  let [written, end] = ["", 0];
  for (const { start, old, new: piece } of placed) {
    if (start < end) return undefined; // they overlap, or one is not there
    written += text.slice(end, start) + piece;
    end = start + old.length;
  }
  written += text.slice(end);
  return written === text ? undefined : written;
}

/** Where a piece stands that occurs once, or -1. @param {string} piece @param {string} text */
function placeOf(piece, text) {
  if (!piece && text) return -1;
  const place = text.indexOf(piece);
  return place === text.lastIndexOf(piece) ? place : -1;
}
