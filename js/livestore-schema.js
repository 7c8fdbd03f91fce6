// A LiveStore schema for notebooks: every event of the vocabulary, kept whole and in order.
//
// The state is the log itself. What a notebook amounts to is folded by those who read it, the runtime
// and the page, by the same rules whatever the store: so nothing is lost that a table had no column
// for, such as the arguments of a call or who changed a cell.

import { Events, makeSchema, Schema, State } from "@livestore/livestore";

import { ARGS, faultOf } from "./notebook/event-args.js";

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

const events = Object.fromEntries(
  Object.keys(ARGS).map((name) => [
    name,
    Events.synced({
      name,
      schema: Schema.Struct({
        id: Schema.String,
        args: Schema.Any.pipe(Schema.filter((args) => faultOf({ name, args }) ?? true)),
      }),
    }),
  ]),
);

const materializers = Object.fromEntries(
  Object.keys(ARGS).map((name) => [
    name,
    (/** @type {Entry} */ { id, args }) => log.insert({ id, name, args }),
  ]),
);

/** Give it to createStorePromise and to makeWorker of the web adapter. */
export const schema = makeSchema({
  events,
  state: State.SQLite.makeState({
    tables: { log },
    materializers: State.SQLite.materializers(events, materializers),
  }),
});
