// What may be a file of a notebook: its path within the notebook's folder, and what it holds.

/** @import { FileChange } from "../../types.d.ts" */

/** Bytes of UTF-8 that a name and a path may have, as on Linux. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4000;

/**
 * Returns why a path is none of a file in the notebook's folder; an empty string if it is one.
 * @param {unknown} path such as "data/sales.csv"
 */
export function faultOfPath(path) {
  if (typeof path !== "string" || path === "") return "A file needs a name.";
  const encoder = new TextEncoder();
  if (encoder.encode(path).length > LONGEST_PATH) return "This path is too long.";
  for (const name of path.split("/")) {
    if (name === "") return "A path has no empty names: write it as folder/file.";
    if (name === "." || name === "..") return `“${name}” leads out of the notebook's folder.`;
    if (/\p{Cc}/u.test(name)) return "A name cannot have control characters.";
    if (/\p{Surrogate}/u.test(name)) return "A name cannot have half a character.";
    if (encoder.encode(name).length > LONGEST_NAME) return "This name is too long.";
  }
  return "";
}

/**
 * Reads changes of files that anybody may have made. What Python can name and a notebook cannot hold, such as a name with
 * a line break, is left out.
 * @param {unknown} changes
 * @returns {FileChange[]}
 * @throws {TypeError} if these are no changes
 */
export function readChanges(changes) {
  if (!Array.isArray(changes)) throw new TypeError("changes of files are a list");
  return changes.flatMap((change) => {
    const { path, content, modifiedAt = Date.now() } = change ?? {};
    if (content !== null && !(content instanceof Blob)) {
      throw new TypeError("the content of a file is a Blob, or null if it is deleted");
    }
    const at = Number.isFinite(modifiedAt) ? modifiedAt : Date.now();
    return faultOfPath(path) ? [] : { path, content, modifiedAt: at };
  });
}

/** Reads changes of files of which none may be left out. @param {unknown} changes @throws {TypeError} also for a bad path */
export function checkFileChanges(changes) {
  const read = readChanges(changes);
  for (const { path } of /** @type {FileChange[]} */ (changes)) {
    const fault = faultOfPath(path);
    if (fault) throw new TypeError(fault);
  }
  return read;
}
