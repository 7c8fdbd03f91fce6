// Reads and writes JSON as Python's json module does, which wrote most notebooks: with NaN, infinities and whole
// numbers of any size. What an event may not hold is packed as its JSON text, {"$json": text}, and comes back exact.

import { newId } from "../cell-events.js";
import { isWellFormed } from "../wire-event.js";

/** The only key of an object that stands for a value that an event may not hold. */
const TEXT = "$json";
/** Less than an event may be deep, since its own objects are around the value. */
const MAX_DEPTH = 150;

// A string, or what JSON.parse refuses or rounds. A string is a run of plain characters, so that a long one is read fast.
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * Returns the value: a whole number beyond 2^53 - 1 is a bigint, and numbers may be NaN or infinite.
 * @param {string} text
 * @returns {any}
 * @throws {SyntaxError}
 */
export function parseExact(text) {
  try {
    let isExact = true;
    const value = JSON.parse(text, (_, item) => {
      isExact &&= typeof item !== "number" || Math.abs(item) <= Number.MAX_SAFE_INTEGER;
      return item;
    });
    if (isExact) return value;
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
  }
  const mark = newId();
  const marked = text.replace(TOKENS, (token) => (isSpecial(token) ? `"${mark}${token}"` : token));
  return JSON.parse(marked, (_, item) =>
    typeof item === "string" && item.startsWith(mark) ? readNumber(item.slice(mark.length)) : item,
  );
}

/** @param {string} token */
function isSpecial(token) {
  return !token.startsWith('"') && !isPlain(readNumber(token));
}

/** @param {string} token */
function readNumber(token) {
  const number = Number(token);
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(number) ? BigInt(token) : number;
}

/** Whether JSON.stringify writes the number so that Python reads the same. @param {unknown} number */
function isPlain(number) {
  return typeof number === "number" && Number.isFinite(number);
}

/** @param {any} value as `parseExact` returns it @param {number} [indent] @returns {string} */
export function stringifyExact(value, indent) {
  const mark = newId();
  const text = JSON.stringify(
    value,
    (_, item) =>
      typeof item === "bigint" || (typeof item === "number" && !isPlain(item))
        ? `${mark}${item}`
        : item,
    indent,
  );
  return text.replace(new RegExp(`"${mark}(-?\\w+)"`, "g"), "$1");
}

/** The value as JSON.stringify takes it: what it has no number for is null, or the nearest that it has. @param {any} value as `parseExact` returns it @returns {any} */
export function toPlain(value) {
  if (typeof value === "bigint") return toPlain(Number(value));
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}

/** Packs what an event may not hold. @param {any} value as `parseExact` returns it @returns {any} */
export function pack(value, depth = 0) {
  if (typeof value !== "object" || value === null) return fits(value) ? value : asText(value);
  const entries = Object.entries(value);
  if (entries.some(([key]) => key === TEXT || !isWellFormed(key)) || depth >= MAX_DEPTH)
    return asText(value);
  if (Array.isArray(value)) return value.map((item) => pack(item, depth + 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, pack(item, depth + 1)]));
}

/** @param {any} value as `pack` returns it @returns {any} */
export function unpack(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unpack);
  const entries = Object.entries(value);
  const [[key, text] = []] = entries;
  if (entries.length === 1 && key === TEXT) return readPacked(text);
  return Object.fromEntries(entries.map(([name, item]) => [name, unpack(item)]));
}

/** @param {unknown} text of a log, which may hold anything */
function readPacked(text) {
  try {
    return parseExact(String(text));
  } catch {
    return null;
  }
}

/** @param {unknown} value */
function asText(value) {
  return { [TEXT]: stringifyExact(value) };
}

/** @param {unknown} value */
function fits(value) {
  if (typeof value === "string") return isWellFormed(value);
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value !== "bigint";
}

/** Whether two values are the same JSON, in which the keys of an object have no order. @param {any} a @param {any} b @returns {boolean} */
export function isEqual(a, b) {
  if (Object.is(a, b) || a === b) return true; // NaN is NaN, and -0 is 0
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

/** @param {unknown} value @returns {value is Record<string, any>} */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
