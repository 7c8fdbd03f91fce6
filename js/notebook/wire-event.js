// What every store makes sure of: events are plain JSON, and whole.

/** @import { WireEvent } from "../types.d.ts" */

// Nothing that a notebook writes is nested this deeply; a cycle always is.
const MAX_DEPTH = 200;

/**
 * A frozen copy, so that nothing the caller does later changes the log.
 * @param {WireEvent} event
 * @returns {WireEvent}
 */
export function copyEvent(event) {
  if (!isPlainObject(event) || typeof event.name !== "string" || event.name === "") {
    throw new TypeError(`not an event: ${describe(event)}; it takes {name: string, args: object}`);
  }
  if (!isPlainObject(event.args)) {
    throw new TypeError(`${event.name}: args must be a plain object, not ${describe(event.args)}`);
  }
  const args = copyJson(event.args, `${event.name}: args`, 0);
  return Object.freeze({ name: event.name, args });
}

/**
 * @param {any} value
 * @param {string} path where the value stands, for the error message
 * @param {number} depth
 * @returns {any}
 */
function copyJson(value, path, depth) {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (depth > MAX_DEPTH) throw new TypeError(`${path} is nested too deeply, or in a circle`);
  if (Array.isArray(value)) {
    return Object.freeze(
      Array.from(value, (item, i) => copyJson(item, `${path}[${i}]`, depth + 1)),
    );
  }
  if (isPlainObject(value)) {
    // As in JSON.stringify, a key whose value is undefined counts as absent. fromEntries defines
    // its keys, so that "__proto__" is a key like any other.
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, copyJson(item, `${path}.${key}`, depth + 1)]);
    return Object.freeze(Object.fromEntries(entries));
  }
  throw new TypeError(`${path} is not JSON: ${describe(value)}`);
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
  if (typeof value === "number") return String(value);
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "an array" : `an object (${value.constructor?.name ?? "plain"})`;
  }
  return value === null ? "null" : typeof value;
}

/** A listener's mistake is its own: nobody else is disturbed. @param {unknown} error */
export function report(error) {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error(error);
}
