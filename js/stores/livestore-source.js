// What liveStore() needs from a LiveStore store, whichever schema that has.

/** @import { LogEvent } from "../types.d.ts" */
/** @import { Sources } from "../notebook/merge/sources.js" */

/** The event of our schema that carries an event with a name that the schema does not have. */
export const CARRIER = "v1.OtherEvent";

/**
 * @typedef {(events: LogEvent[], inOrder?: Sources) => void} Tell `inOrder` are the cells' sources by the order of the
 *   log, if that is another than the one in which its events were reported
 *
 * The events of a LiveStore store: reads, follows and commits them.
 * @typedef {object} Source
 * @property {() => LogEvent[]} read returns the events that rebuild the present state, as the store holds
 *   them, whoever wrote them; called once, before anything else
 * @property {(tell: Tell) => void} follow reports what others write from then on
 * @property {(events: LogEvent[]) => void} commit takes events that were checked by readEvent; throws a
 *   TypeError and writes nothing if the schema lacks one of them, which a LiveStore store would not survive
 */

/**
 * Makes the callback of `store.subscribe`: an object in LiveStore 0.3, the function itself in 0.4. Each version ignores
 * what the other needs.
 * @template T
 * @param {(result: T) => void} callback
 */
export function onUpdate(callback) {
  const update = (/** @type {T} */ result) => callback(result);
  return Object.assign(update, { onUpdate: update });
}
