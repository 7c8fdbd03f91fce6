// Checks the events that enter a store or a notebook. They must be plain JSON that Python reads as it was
// meant, and if the vocabulary has the event's name, it must allow the args. runt_pyodide/notebook/wire.py
// has the same rules; docs/events.md describes them.

/** @import { LogEvent, OtherEvent, WireEvent } from "../types.d.ts" */
/** @import { Shape } from "./event-check.js" */

import { faultOf, isKnown, shapeOf } from "./event-check.js";

const MAX_DEPTH = 200;

/** The events that were read already, so that each is checked once, however many borders it crosses. */
/** @type {WeakSet<LogEvent>} */
const known = new WeakSet();

/**
 * Returns a frozen copy, so that nothing the caller does later changes the log. Optional fields of the
 * vocabulary that are null are left out.
 * @param {LogEvent} event
 * @returns {WireEvent | OtherEvent} the event itself, if it is such a copy already
 * @throws {TypeError} naming the event and the field, if both languages would not accept it
 */
export function readEvent(event) {
  if (known.has(event)) return /** @type {WireEvent | OtherEvent} */ (event);
  const { name, args } = openEvent(event);
  /** @type {string[]} */
  const path = [];
  let copy;
  try {
    copy = copyObject(args, { path, depth: 0, shape: shapeOf(name) });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new TypeError(`${name}: ${path.join(".") || "args"} ${error.message}`, { cause: error });
  }
  const fault = isKnown(name) ? faultOf({ name, args: copy }) : undefined;
  if (fault) throw new TypeError(fault);
  const read = /** @type {WireEvent | OtherEvent} */ (Object.freeze({ name, args: copy }));
  known.add(read);
  return read;
}

/**
 * Reads the events of a log. Those that cannot be read are reported and skipped.
 * @param {readonly LogEvent[]} events
 * @param {(error: Error) => void} refused
 * @returns {(WireEvent | OtherEvent)[]}
 */
export function readEvents(events, refused) {
  return events.flatMap((event) => {
    try {
      return [readEvent(event)];
    } catch (error) {
      refused(/** @type {Error} */ (error));
      return [];
    }
  });
}

/** What is wrong with a value; the path says where. */
class Fault extends Error {}

/** @typedef {{ path: string[], depth: number, shape?: Shape }} Place */

/** Returns the name and the args; an event without args may leave them out. @param {any} event */
function openEvent(event) {
  const name = isPlainObject(event) ? event.name : undefined;
  if (typeof name !== "string" || name === "") {
    throw new TypeError("?: name must be text, and not empty: an event has a name and args");
  }
  if (!isWellFormed(name)) throw new TypeError("?: name holds half of a surrogate pair");
  const args = event.args ?? {};
  if (!isPlainObject(args)) throw new TypeError(`${name}: args must be an object`);
  return { name, args };
}

/** @param {any} value @param {Place} place @returns {any} */
function copyJson(value, place) {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") {
    if (isWellFormed(value)) return value;
    throw new Fault("holds half of a surrogate pair");
  }
  if (typeof value === "number") {
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
    throw new Fault("must be a finite number, not beyond 2^53 - 1");
  }
  const isList = Array.isArray(value);
  if (!isList && !isPlainObject(value)) throw new Fault(`must be JSON, not ${describe(value)}`);
  if (place.depth > MAX_DEPTH) throw new Fault(`is nested more than ${MAX_DEPTH} deep`);
  return isList ? copyList(value, place) : copyObject(value, place);
}

/** @param {any[]} list @param {Place} place */
function copyList(list, place) {
  const shape = place.shape?.each;
  return Object.freeze(Array.from(list, (item, i) => copyWithin(item, String(i), place, shape)));
}

/** @param {Record<string, any>} object @param {Place} place */
function copyObject(object, place) {
  const { optional = [], within = {}, each } = place.shape ?? {};
  // As in JSON.stringify, a key whose value is undefined counts as absent.
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  if (!entries.every(([key]) => isWellFormed(key))) {
    throw new Fault("has a key that is not well-formed text");
  }
  // fromEntries defines its keys, so that "__proto__" is a key like any other.
  const copies = entries
    .filter(([key, value]) => value !== null || !optional.includes(key))
    .map(([key, value]) => {
      const shape = Object.hasOwn(within, key) ? within[key] : each;
      return [key, copyWithin(value, key, place, shape)];
    });
  return Object.freeze(Object.fromEntries(copies));
}

/** @param {any} value @param {string} key @param {Place} place @param {Shape} [shape] */
function copyWithin(value, key, { path, depth }, shape) {
  path.push(key);
  const copy = copyJson(value, { path, depth: depth + 1, shape });
  path.pop();
  return copy;
}

/** Half of a surrogate pair, alone. */
const LONE = /\p{Surrogate}/u;

/** @param {any} text */
export function isWellFormed(text) {
  return text.isWellFormed?.() ?? !LONE.test(text); // browsers have had it only since 2023
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
function isPlainObject(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  // An object of another realm (a frame, a worker's clone) has another Object.prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** @param {any} value */
function describe(value) {
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "an array" : `an object (${value.constructor?.name ?? "plain"})`;
  }
  return value === null ? "null" : typeof value;
}

/** Reports an error of one listener without disturbing the others. @param {unknown} error */
export function report(error) {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error(error);
}
