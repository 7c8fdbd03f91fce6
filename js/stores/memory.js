// An event store in memory. It does what EventStore in types.d.ts says, and nothing more.

/** @import { EventListener, MemoryStore, LogEvent } from "../types.d.ts" */

import { readEvent, report } from "../notebook/wire-event.js";

/**
 * @typedef {object} Subscriber
 * @property {EventListener} listener
 * @property {boolean} active
 */

class Deliveries {
  /** @type {{ subscriber: Subscriber, events: readonly LogEvent[] }[]} */
  #waiting = [];

  /** @param {Subscriber} subscriber @param {readonly LogEvent[]} events */
  add(subscriber, events) {
    if (this.#waiting.length === 0) queueMicrotask(() => this.#flush());
    this.#waiting.push({ subscriber, events });
  }

  #flush() {
    // A listener may commit and subscribe. What it adds goes to the end of the list, so everyone gets it
    // after all that was committed before.
    for (const { subscriber, events } of this.#waiting) {
      if (!subscriber.active) continue;
      try {
        subscriber.listener(events);
      } catch (error) {
        report(error);
      }
    }
    this.#waiting = [];
  }
}

/**
 * @param {readonly LogEvent[]} [initialEvents]
 * @returns {MemoryStore}
 */
export function memoryStore(initialEvents = []) {
  /** @type {LogEvent[]} */
  const log = initialEvents.map(readEvent);
  /** @type {Set<Subscriber>} */
  const subscribers = new Set();
  const deliveries = new Deliveries();
  return {
    commit(...events) {
      const batch = Object.freeze(events.map(readEvent));
      if (batch.length === 0) return;
      for (const event of batch) log.push(event);
      for (const subscriber of subscribers) deliveries.add(subscriber, batch);
    },
    subscribe(listener) {
      if (typeof listener !== "function") throw new TypeError("subscribe() takes a function");
      const subscriber = { listener, active: true };
      subscribers.add(subscriber);
      deliveries.add(subscriber, Object.freeze([...log]));
      return () => {
        subscriber.active = false;
        subscribers.delete(subscriber);
      };
    },
    events: () => [...log],
  };
}
