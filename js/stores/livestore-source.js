// What liveStore() needs from a LiveStore store, however that keeps its events.

/** @import { WireEvent } from "../types.d.ts" */

/** In our schema the event that carries another, of a name that the schema does not have. */
export const CARRIER = "v1.OtherEvent";

/**
 * The events of a LiveStore store: reads, follows and commits them.
 * @typedef {object} Source
 * @property {() => WireEvent[]} read the events that rebuild the present state, as they stand in the
 *   store, whoever wrote them; called once, first
 * @property {(tell: (events: WireEvent[]) => void) => void} follow tells what others write from then on
 * @property {(events: WireEvent[]) => void} commit takes events that can be read; throws a TypeError,
 *   and writes nothing, if the schema does not have one of them: a store of LiveStore's would not
 *   survive it
 */

/**
 * What `store.subscribe` takes: an object in LiveStore 0.3, the function itself in 0.4. Each version ignores what the
 * other needs.
 * @template T
 * @param {(result: T) => void} callback
 */
export function onUpdate(callback) {
  const update = (/** @type {T} */ result) => callback(result);
  return Object.assign(update, { onUpdate: update });
}
