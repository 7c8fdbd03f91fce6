// The pictures that are attached to a cell of a Jupyter notebook, which its text names as `attachment:name`.

/** @import { Cell } from "../../types-notebook.d.ts" */

import { CARRIED } from "./carried.js";
import { isObject, unpack } from "./exact-json.js";

/** How often all pictures of a cell may be repeated in it, so that a file of a megabyte does not become a gigabyte. */
const MOST_REPEATED = 8;

/**
 * Returns the source with the pictures that it names in place of their names, in one pass: a picture may hold what looks
 * like the name of another one.
 * @param {Pick<Cell, "source" | "metadata">} cell
 * @returns {string}
 */
export function withAttachments({ source, metadata }) {
  const urls = source.includes("attachment:") ? urlsOf(metadata.get(CARRIED)) : new Map();
  if (urls.size === 0) return source;
  let left = MOST_REPEATED * [...urls.values()].reduce((sum, url) => sum + url.length, 0);
  // Longer names first: one may begin with another.
  const names = [...urls.keys()].sort((a, b) => b.length - a.length);
  const [first, ...parts] = source.split("attachment:");
  const shown = parts.map((part) => {
    const name = names.find((each) => part.startsWith(each)) ?? "";
    const url = urls.get(name) ?? "";
    left -= url.length;
    return url && left >= 0 ? url + part.slice(name.length) : `attachment:${part}`;
  });
  return [first, ...shown].join("");
}

/** The address of each picture, by its name and by the name as an address has it. @param {unknown} carried @returns {Map<string, string>} */
function urlsOf(carried) {
  const { attachments } = /** @type {any} */ (isObject(carried) ? carried.added : {}) ?? {};
  const urls = new Map();
  for (const [name, bundle] of Object.entries(isObject(attachments) ? unpack(attachments) : {})) {
    const [type, bytes] = Object.entries(isObject(bundle) ? bundle : {}).find(isPicture) ?? [];
    if (type === undefined) continue;
    const url = `data:${type};base64,${String(bytes).replace(/\s/g, "")}`;
    urls.set(name, url).set(encodeName(name), url);
  }
  return urls;
}

/** @param {[type: string, bytes: unknown]} entry */
function isPicture([type, bytes]) {
  return /^image\/[\w.+-]+$/.test(type) && typeof bytes === "string";
}

/** @param {string} name */
function encodeName(name) {
  try {
    return encodeURI(name);
  } catch {
    return name; // it has half of a surrogate pair
  }
}
