// What files are called in a notebook's folder, and what is said of those that cannot be called so.

import { faultOfPath } from "../../../js/index.js";

/** What is kept of names and paths that are too long, so that they fit in any letters. */
const LONGEST_STEM = 50;
const LONGEST_ENDING = 8;
const DEEPEST = 10;

/** Makes a path of a file's own name that can be one in the folder. @param {string} given such as "data/a\nb.csv" */
export function fitPath(given) {
  const names = given
    .split("/")
    .map(fitName)
    .filter((name) => name !== "");
  const path = names.join("/") || "file";
  return faultOfPath(path) ? names.slice(-DEEPEST).map(shorten).join("/") : path;
}

/** @param {string} name */
function fitName(name) {
  const plain = name.replace(/\p{Cc}|\p{Surrogate}/gu, "_");
  return plain === "." || plain === ".." ? "_" : plain;
}

/** @param {string} name */
function shorten(name) {
  const [stem, ending] = partName(name);
  return [...stem].slice(0, LONGEST_STEM).join("") + [...ending].slice(0, LONGEST_ENDING).join("");
}

/** A path that is not taken yet: "a.csv", then "a (2).csv". @param {string} path @param {ReadonlySet<string>} taken */
export function freePath(path, taken) {
  const [stem, ending] = partName(path);
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? path : `${stem} (${number})${ending}`;
    if (!taken.has(free)) return free;
  }
}

/** Parts a path before the last dot of its name. @param {string} path @returns {[stem: string, ending: string]} */
export function partName(path) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  const at = dot > 0 ? path.length - name.length + dot : path.length;
  return [path.slice(0, at), path.slice(at)];
}
