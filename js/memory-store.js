// An event store that lives in memory: the contract of EventStore in types.d.ts, and nothing more.

/** @import { EventListener, MemoryStore, WireEvent } from "./types.d.ts" */

// Nothing that a notebook writes is nested this deeply; a cycle always is.
const MAX_DEPTH = 200;

/**
 * @typedef {object} Subscriber
 * @property {EventListener} listener
 * @property {boolean} active
 */

/**
 * @param {readonly WireEvent[]} [initialEvents]
 * @returns {MemoryStore}
 */
export function memoryStore(initialEvents = []) {
  /** @type {WireEvent[]} */
  const log = initialEvents.map(copyEvent);
  /** @type {Set<Subscriber>} */
  const subscribers = new Set();
  /** @type {{ subscriber: Subscriber, events: readonly WireEvent[] }[]} */
  let deliveries = [];

  /** @param {Subscriber} subscriber @param {readonly WireEvent[]} events */
  function deliver(subscriber, events) {
    if (deliveries.length === 0) queueMicrotask(flush);
    deliveries.push({ subscriber, events });
  }

  function flush() {
    // A listener may commit and subscribe: what it adds stands at the end and is delivered after
    // all that was committed before, to everyone.
    for (const { subscriber, events } of deliveries) {
      if (!subscriber.active) continue;
      try {
        subscriber.listener(events);
      } catch (error) {
        report(error);
      }
    }
    deliveries = [];
  }

  return {
    commit(...events) {
      const batch = Object.freeze(events.map(copyEvent));
      if (batch.length === 0) return;
      for (const event of batch) log.push(event);
      for (const subscriber of subscribers) deliver(subscriber, batch);
    },
    subscribe(listener) {
      if (typeof listener !== "function") throw new TypeError("subscribe() takes a function");
      const subscriber = { listener, active: true };
      subscribers.add(subscriber);
      deliver(subscriber, Object.freeze([...log]));
      return () => {
        subscriber.active = false;
        subscribers.delete(subscriber);
      };
    },
    events: () => [...log],
  };
}

/**
 * A frozen copy, so that nothing the caller does later changes the log.
 * @param {WireEvent} event
 * @returns {WireEvent}
 */
function copyEvent(event) {
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

/** @param {unknown} error */
function report(error) {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error(error);
}
