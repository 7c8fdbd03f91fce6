// What liveStore() needs from a LiveStore store, whichever schema that has.

/** @import { LogEvent } from "../types.d.ts" */
/** @import { Sources } from "../notebook/merge/sources.js" */

import { queryDb, Schema } from "@livestore/livestore";

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
 * Calls back at each change of a table, and reads nothing of it, however many rows there are: what this query gives is
 * never the same twice.
 * @param {any} store @param {string} table @param {() => void} callback
 */
export function onChange(store, table, callback) {
  const change = queryDb({
    query: `SELECT hex(randomblob(8)) AS change FROM ${table} LIMIT 1`,
    schema: Schema.Array(Schema.Struct({ change: Schema.String })),
  });
  // LiveStore 0.3 takes an object, 0.4 the function itself; each passes over what the other needs.
  const update = () => callback();
  store.subscribe(change, Object.assign(update, { onUpdate: update }));
}
