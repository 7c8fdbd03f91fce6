// Notebooks are kept by the schema: it may only grow, and what it kept once opens for good.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gunzipSync } from "node:zlib";

import { Schema } from "@livestore/livestore";
import { sqliteDbFactory } from "@livestore/sqlite-wasm/browser";
import { loadSqlite3Wasm } from "@livestore/sqlite-wasm/load-wasm";
import { Effect } from "@livestore/utils/effect";

import { schema } from "../../js/livestore-schema.js";
import { EVENT_NAMES } from "../../js/notebook/event-check.js";
import { Notebook } from "../../js/notebook/state/notebook.js";
import { liveStore } from "../../js/stores/livestore.js";
import { openStore } from "./support/livestore-in-memory.js";

const folder = new URL("../data/kept-notebook/", import.meta.url);
/** @param {string} name */
const unzip = (name) => new Uint8Array(gunzipSync(readFileSync(new URL(name, folder))));
/** @type {{ name: string, args: any }[]} */
const events = JSON.parse(readFileSync(new URL("events.json", folder), "utf8"));

const STORED = [
  "v1.NotebookTitleChanged",
  "v1.NotebookMetadataSet",
  "v1.CellCreated",
  "v2.CellCreated",
  "v1.CellSourceChanged",
  "v1.CellTypeChanged",
  "v1.CellDeleted",
  "v1.CellMoved",
  "v2.CellMoved",
  "v1.CellSourceVisibilityToggled",
  "v1.CellOutputVisibilityToggled",
  "v1.CellAiContextVisibilityToggled",
  "v1.AiSettingsChanged",
  "v1.SqlResultVariableChanged",
  "v1.RuntimeSessionStarted",
  "v1.RuntimeSessionStatusChanged",
  "v1.RuntimeSessionRenewal",
  "v1.RuntimeSessionTerminated",
  "v1.ExecutionRequested",
  "v1.MultipleExecutionRequested",
  "v1.ExecutionAssigned",
  "v1.ExecutionStarted",
  "v1.ExecutionCompleted",
  "v1.ExecutionCancelled",
  "v1.AllExecutionsCancelled",
  "v1.TerminalOutputAdded",
  "v2.TerminalOutputAppended",
  "v1.MarkdownOutputAdded",
  "v2.MarkdownOutputAppended",
  "v1.MultimediaDisplayOutputAdded",
  "v1.MultimediaDisplayOutputUpdated",
  "v1.MultimediaResultOutputAdded",
  "v1.ErrorOutputAdded",
  "v1.CellOutputsCleared",
  "v1.AllOutputsCleared",
  "v1.ToolApprovalRequested",
  "v1.ToolApprovalResponded",
  "v1.OutputDelta",
  "v1.CellMetadataSet",
  "v1.NotebookJsonSet",
  "v1.ToolPolicySet",
  "v1.OutputRestored",
  "v1.OtherEvent",
];

test("the table is the one that it always was", () => {
  // LiveStore builds a table that has changed anew from the log: minutes of a blank page.
  assert.equal(schema.state.sqlite.hash, -76092259157);
});

test("no event has gone, and each of the vocabulary can be stored", () => {
  const defined = new Set(schema.eventsDefsMap.keys());
  for (const name of [...EVENT_NAMES, "v1.OtherEvent"]) assert.ok(defined.has(name), name);
  const ours = [...defined].filter((name) => /^v\d+\./.test(name)).toSorted();
  // A page that does not know an event never opens a notebook that has it. What the vocabulary gets
  // from here on goes as v1.OtherEvent: leave it out of the schema, and this list as it is.
  assert.deepEqual(ours, STORED.toSorted());
});

test("a notebook that was kept before opens whole, and goes on", async (t) => {
  const store = liveStore(await openStore(t, schema, unzip("state.db.gz")));
  assert.deepEqual(store.events(), events);
  /** @type {string[]} */
  const problems = [];
  const notebook = new Notebook((problem) => void problems.push(problem));
  notebook.apply(store.events());
  assert.deepEqual(problems, []);
  assert.deepEqual(notebook.order, ["old", "a", "b", "c"]);
  assert.equal(notebook.outputs.get("o3")?.text, "π is about 3.14");
  store.commit({ name: "v1.NotebookJsonSet", args: { key: "k", value: null } });
  assert.equal(store.events().length, events.length + 1);
});

test("its log can be read, event by event", async () => {
  const sqlite3 = await loadSqlite3Wasm();
  const db = Effect.runSync(sqliteDbFactory({ sqlite3 })({ _tag: "in-memory" }));
  db.import(unzip("eventlog.db.gz"));
  /** @type {readonly any[]} */
  const rows = db.select("SELECT name, argsJson FROM eventlog ORDER BY seqNumGlobal");
  const read = rows.map(({ name, argsJson }) => {
    const definition = /** @type {any} */ (schema.eventsDefsMap.get(name));
    const { args } = Schema.decodeUnknownSync(definition.schema)(JSON.parse(argsJson));
    return { name, args };
  });
  assert.deepEqual(read, events);
});
