// A LiveStore schema for notebooks: every event of the vocabulary, kept whole and in order.
//
// The state is the log itself. What a notebook amounts to is folded by those who read it, the runtime
// and the page, by the same rules whatever the store: so nothing is lost that a table had no column
// for, such as the arguments of a call or who changed a cell.
//
// Notebooks are kept by this schema, so it only grows: the table never changes (LiveStore would build
// it anew from the log, which takes minutes), and no event goes (a log that has one would not open).
// An event is checked before it is committed and when it is read; a schema that refused one in a log
// would keep the whole notebook shut.

import { Events, makeSchema, Schema, State } from "@livestore/livestore";

import { EVENT_NAMES } from "./notebook/event-check.js";
import { CARRIER } from "./stores/livestore-source.js";

/**
 * An event as the log has it. The id is the store's own: it tells one event from another that says
 * the same. @typedef {{ id: string, args: any }} Entry
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

/** Give it to createStorePromise and to makeWorker of the web adapter. */
export const schema = makeSchema({
  events,
  state: State.SQLite.makeState({
    tables: { log },
    materializers: State.SQLite.materializers(events, materializers),
  }),
});
