// Makes the JavaScript and the types that the schemas stand for: reads {path: text} of schema/*.json,
// writes the same of what is made of them. scripts/write_schema.py calls it.

import { text } from "node:stream/consumers";

import { buildValidators } from "./validators.mjs";

/** @type {{ [path: string]: string }} */
const sources = JSON.parse(await text(process.stdin));
const events = JSON.parse(sources["schema/events.json"]);

process.stdout.write(
  JSON.stringify({
    "js/notebook/event-validators.js": await buildValidators(events),
  }),
);
