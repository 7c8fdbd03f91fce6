// Generates JavaScript, TypeScript's types and a page of the documentation from the schemas: reads {path: text} of schema/*.json, and writes
// {path: text} of the generated files. scripts/write_schema.py calls it.

import { text } from "node:stream/consumers";

import { format, resolveConfig } from "prettier";

import { describeEvents } from "./docs.mjs";
import { buildDiff3 } from "./library.mjs";
import { declareConfig, declareEvents, declareRecord } from "./types.mjs";
import { buildValidators } from "./validators.mjs";

/** @type {{ [path: string]: string }} */
const sources = JSON.parse(await text(process.stdin));
const schemas = Object.fromEntries(
  Object.entries(sources).map(([path, source]) => [path, JSON.parse(source)]),
);
const events = schemas["schema/events.json"];

/** @param {string} path @param {string} source @param {string} code */
async function typescript(path, source, code) {
  const head = `// Written by \`make schema\` from ${source}: change the models, not this file.\n\n`;
  const options = { ...(await resolveConfig(path)), filepath: path };
  const imports = 'import type { Json, JsonObject } from "./types.d.ts";\n\n';
  return [path, await format(head + imports + code, options)];
}

const made = [
  ["js/notebook/event-validators.js", await buildValidators(events)],
  ["js/notebook/merge/diff3.js", await buildDiff3()],
  ["docs/reference/events.md", describeEvents(events, schemas["schema/ai-record.json"])],
  await typescript("js/events.d.ts", "schema/events.json", declareEvents(events)),
  await typescript(
    "js/config.d.ts",
    "schema/config.json",
    declareConfig(schemas["schema/config.json"]),
  ),
  await typescript(
    "js/types-ai-record.d.ts",
    "schema/ai-record.json",
    declareRecord(schemas["schema/ai-record.json"]),
  ),
];
process.stdout.write(JSON.stringify(Object.fromEntries(made)));
