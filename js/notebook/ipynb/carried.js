// What a part of a file holds beyond what we would write for it ourselves. It is found when the file is read, by
// writing the part and comparing, is kept beside the part, and is put back when the part is written again. So all
// that a file holds comes back, and what has been changed since is written as it is now.

import { isEqual, isObject, pack, unpack } from "./exact-json.js";

/** The key under which it is kept: in the metadata of a cell or an output, and in the notebook's JSON. */
export const CARRIED = "ipynb";

/**
 * @typedef {object} Carried
 * @property {Record<string, any>} [added] what only the file has, in objects as they stand in the file
 * @property {[path: string[], ours: any, theirs?: any][]} [changed] what the file has in place of what we write; nothing,
 *   if `theirs` is missing
 */

/**
 * What must be carried so that `ours` becomes `theirs`.
 * @param {Record<string, any>} ours
 * @param {Record<string, any>} theirs
 * @returns {Carried}
 */
export function findCarried(ours, theirs) {
  const { added, changed } = compare(ours, theirs, []);
  return {
    ...(Object.keys(added).length > 0 && { added: pack(added) }),
    ...(changed.length > 0 && { changed: pack(changed) }),
  };
}

/**
 * @param {Record<string, any>} ours
 * @param {Record<string, any>} theirs
 * @param {string[]} path
 */
function compare(ours, theirs, path) {
  /** @type {[string, any][]} */
  const added = [];
  /** @type {[path: string[], ours: any, theirs?: any][]} */
  const changed = [];
  for (const [key, value] of Object.entries(theirs)) {
    const at = [...path, key];
    if (!Object.hasOwn(ours, key)) added.push([key, value]);
    else if (isObject(ours[key]) && isObject(value)) {
      const within = compare(ours[key], value, at);
      if (Object.keys(within.added).length > 0) added.push([key, within.added]);
      changed.push(...within.changed);
    } else if (!isEqual(ours[key], value)) changed.push([at, ours[key], value]);
  }
  for (const [key, value] of Object.entries(ours)) {
    if (!Object.hasOwn(theirs, key)) changed.push([[...path, key], value]);
  }
  return { added: Object.fromEntries(added), changed };
}

/**
 * Puts what was carried into what we write. What has changed since the file was read stays as it is.
 * @param {Record<string, any>} ours
 * @param {unknown} carried as `findCarried` returns it, or anything, since it comes from a log
 * @returns {Record<string, any>}
 */
export function putBack(ours, carried) {
  const { added, changed } = isObject(carried) ? unpack(carried) : {};
  let whole = isObject(added) ? addUnder(ours, added) : ours;
  for (const change of Array.isArray(changed) ? changed : []) {
    if (Array.isArray(change) && Array.isArray(change[0]))
      whole = replace(whole, change[0], change);
  }
  return whole;
}

/** @param {Record<string, any>} ours @param {Record<string, any>} added @returns {Record<string, any>} */
function addUnder(ours, added) {
  const both = new Map(Object.entries(ours));
  for (const [key, value] of Object.entries(added)) {
    const own = both.get(key);
    if (!both.has(key)) both.set(key, value);
    else if (isObject(own) && isObject(value)) both.set(key, addUnder(own, value));
  }
  return Object.fromEntries(both);
}

/**
 * @param {Record<string, any>} value
 * @param {unknown[]} path
 * @param {unknown[]} change
 * @returns {Record<string, any>}
 */
function replace(value, [first, ...rest], change) {
  const key = String(first);
  if (!isObject(value) || !Object.hasOwn(value, key)) return value;
  const entries = new Map(Object.entries(value));
  if (rest.length > 0) entries.set(key, replace(value[key], rest, change));
  else if (isEqual(value[key], change[1])) {
    if (change.length > 2) entries.set(key, change[2]);
    else entries.delete(key);
  }
  return Object.fromEntries(entries);
}
