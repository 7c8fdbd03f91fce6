import assert from "node:assert/strict";
import test from "node:test";

import { faultOf } from "../../../js/notebook/event-args.js";

const cell = { id: "x", cellType: "ai", createdBy: "me" };
const output = { id: "o", cellId: "c", position: 0 };
const delta = { id: "d", cellId: "c", outputId: "o", sequenceNumber: 0, delta: {} };
const started = { queueId: "q", cellId: "c", runtimeSessionId: "s" };
const inline = { type: "inline", data: "text" };

for (const [name, args] of /** @type {[string, any][]} */ ([
  ["v1.AllExecutionsCancelled", {}],
  ["v1.AllExecutionsCancelled", undefined],
  ["v1.CellCreated", { ...cell, position: 1.5, actorId: "you", fromTheFuture: true }],
  ["v1.OutputDelta", delta],
  ["v1.OutputDelta", { ...delta, delta: { text: "", data: {}, metadata: {} } }],
  ["v1.MarkdownOutputAdded", { ...output, content: { ...inline, data: null, metadata: {} } }],
  ["v1.MarkdownOutputAdded", { ...output, content: { type: "artifact", artifactId: "a" } }],
  ["v1.ExecutionStarted", { ...started, startedAt: "2026-01-01T00:00:01.000Z" }],
])) {
  test(`${name} takes ${JSON.stringify(args)}`, () => {
    assert.equal(faultOf({ name, args }), undefined);
  });
}

for (const [name, args, fault] of /** @type {[string, any, string][]} */ ([
  ["v2.CellCreated", { id: "x" }, "cellType must be one of code, markdown, sql, ai, raw"],
  ["v1.CellDeleted", { id: 7 }, "id must be text"],
  ["v1.CellCreated", { ...cell, position: "1" }, "position must be a number"],
  ["v1.OutputDelta", { ...delta, sequenceNumber: 0.5 }, "sequenceNumber must be a whole number"],
  ["v1.OutputDelta", { ...delta, delta: { text: 5 } }, "delta must be text, data or metadata"],
  ["v1.OutputDelta", { ...delta, delta: "text" }, "delta must be text, data or metadata"],
  [
    "v1.MarkdownOutputAdded",
    { ...output, content: { ...inline, metadata: [] } },
    "content must be a representation",
  ],
  [
    "v1.ErrorOutputAdded",
    { ...output, content: { type: "inline" } },
    "content must be a representation",
  ],
  [
    "v1.MultimediaDisplayOutputAdded",
    { ...output, representations: { "text/plain": "x" } },
    "representations must be a bundle of representations",
  ],
  [
    "v1.ExecutionStarted",
    { ...started, startedAt: "soon" },
    "startedAt must be a time in ISO 8601",
  ],
  [
    "v1.MultipleExecutionRequested",
    { requestedBy: "me", cellsInfo: [{ id: "c" }] },
    "cellsInfo must be a list of {id, executionCount, queueId}",
  ],
])) {
  test(`${name}: ${fault}`, () => {
    assert.equal(faultOf({ name, args }), `${name}: ${fault}`);
  });
}
