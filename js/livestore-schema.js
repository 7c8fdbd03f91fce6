// A LiveStore schema for notebooks: every event of the vocabulary, kept whole and in order.
//
// The state is the log itself. The runtime and the page fold it when they read it, by the same rules for
// every store, so nothing is lost for lack of a column, such as the arguments of a call or who changed a
// cell.
//
// Notebooks are already stored with this schema, so it may only grow: the table never changes (LiveStore
// would rebuild it from the log, which takes minutes), and no event is removed (a log that holds one
// would not open). Events are checked before they are committed and again when they are read. The schema
// itself does not check their args: if it refused one event of a log, the whole notebook would not open.

import { Events, makeSchema, Schema, State } from "@livestore/livestore";

import { EVENT_NAMES } from "./notebook/event-check.js";
import { CARRIER } from "./stores/livestore-source.js";

/**
 * An event as the log holds it. The id is the store's own: it distinguishes two events that are otherwise
 * equal. @typedef {{ id: string, args: any }} Entry
 */

const log = State.SQLite.table({
  name: "log",
  columns: {
    id: State.SQLite.text(),
    name: State.SQLite.text(),
    args: State.SQLite.json({ schema: Schema.Any }),
  },
});

const entry = { id: Schema.String, args: Schema.Any };
const carried = Schema.Struct({ ...entry, name: Schema.String });

const events = Object.fromEntries([
  ...EVENT_NAMES.map((name) => [name, Events.synced({ name, schema: Schema.Struct(entry) })]),
  [CARRIER, Events.synced({ name: CARRIER, schema: carried })],
]);

const materializers = Object.fromEntries([
  ...EVENT_NAMES.map((name) => [
    name,
    (/** @type {Entry} */ { id, args }) => log.insert({ id, name, args }),
  ]),
  [CARRIER, (/** @type {Entry & { name: string }} */ carried) => log.insert(carried)],
]);

/** The schema to pass to createStorePromise and to makeWorker of the web adapter. */
export const schema = makeSchema({
  events,
  state: State.SQLite.makeState({
    tables: { log },
    materializers: State.SQLite.materializers(events, materializers),
  }),
});
