// Makes any JSON fit for an event: what a file or a page holds may have numbers and text that no event may.
// runt_pyodide/notebook/bundle.py cleans what Python shows in the same way; docs/events.md has the rules.

import { compareText } from "./ordering.js";

// Less than an event may be deep, since its own objects are around the value.
const MAX_DEPTH = 150;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * Returns a copy that every store accepts. NaN and the infinities become null, numbers beyond 2^53 - 1 become
 * text, halves of surrogate pairs become their escapes, and what is nested too deep becomes its JSON text.
 * @param {any} value JSON; whole numbers beyond 2^53 - 1 may be bigints
 * @returns {any}
 */
export function cleanJson(value, depth = 0) {
  if (typeof value === "string") return cleanText(value);
  if (typeof value === "number" || typeof value === "bigint") return cleanNumber(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return cleanText(JSON.stringify(value, asText));
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, depth + 1));
  // fromEntries defines its keys, so that "__proto__" is a key like any other.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [cleanText(key), cleanJson(item, depth + 1)]),
  );
}

/** JSON.stringify refuses whole numbers of any size. @param {string} _ @param {unknown} item */
function asText(_, item) {
  return typeof item === "bigint" ? String(item) : item;
}

/** @param {string} text */
function cleanText(text) {
  return text.replace(LONE_SURROGATES, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

/** @param {number | bigint} number */
function cleanNumber(number) {
  if (typeof number === "bigint") return String(number);
  if (!Number.isFinite(number)) return null;
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : String(number);
}

/** @param {[string, unknown]} a @param {[string, unknown]} b a value may be anything, so it is not compared */
function byKey([a], [b]) {
  return compareText(a, b);
}

/** JSON with the keys of objects in one order: the same text for the same value. @param {unknown} value */
export function canonicalJson(value) {
  return JSON.stringify(value, (_, item) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(byKey))
      : item,
  );
}
