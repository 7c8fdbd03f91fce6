// Generates docs/reference/events.md from the schemas: every event, what it holds, who commits it, and the AI record.

import { typeOf } from "./types.mjs";
import { eventsOf, nameOf } from "./vocabulary.mjs";

/** @import { Schema } from "./vocabulary.mjs" */

/** @type {{ [writers: string]: string }} */
const WRITERS = {
  "": "It is read, and never committed any more",
  person: "Committed only by a person, through a page",
  page: "Committed by pages",
  runtime: "Committed by the runtime",
  "page,runtime": "Committed by pages, and by the runtime for the code of cells and for models",
};

const HEAD = `# Events and the AI record

<!-- Written by \`make schema\` from schema/*.json: change the models, not this file. -->

Every event of the vocabulary, with the types of its args in TypeScript. An event is \`{ name, args }\`; \`?\` marks what may
be absent. [Events](../events.md) says what the events come to, and in which order a run writes them.
`;

/**
 * @param {Schema} events
 * @param {Schema} record
 * @returns {string} Markdown
 */
export function describeEvents(events, record) {
  const all = eventsOf(events);
  const models = new Set(all.map(({ model }) => model));
  const parts = Object.keys(events.$defs).filter((name) => !models.has(name));
  return [
    HEAD,
    "## Events\n",
    ...all.map(({ event, model }, at) => {
      const writers = events.oneOf[at]["x-writtenBy"].join();
      return section(event, events.$defs[model], WRITERS[writers]);
    }),
    "## What events hold\n",
    "A bundle maps MIME types to representations.\n",
    ...parts.map((name) => section(name, events.$defs[name])),
    "## The AI record\n",
    "The metadata of each output that an AI run writes has an `AIRecord` under `anode`.\n",
    ...inOrder(record).map((name) => section(name, record.$defs[name])),
  ].join("\n");
}

/** The names of the `$defs`: first those that stand by themselves. @param {Schema} record */
function inOrder({ anyOf, $defs }) {
  const first = anyOf.map((/** @type {Schema} */ { $ref }) => nameOf($ref));
  return [...new Set([...first, ...Object.keys($defs)])];
}

/** @param {string} name @param {Schema} schema @param {string} [writers] */
function section(name, schema, writers) {
  const mime = schema["x-mimeType"];
  const told = [
    schema.description && wrapped(schema.description),
    mime && `In a bundle, its MIME type is \`${mime}\`.`,
    writers && `*${writers}.*`,
    `\`\`\`ts\n${fieldsOf(schema)}\n\`\`\``,
  ];
  return `### ${name}\n\n${told.filter(Boolean).join("\n\n")}\n`;
}

/** @param {Schema} schema */
function fieldsOf(schema) {
  const { properties, required = [] } = schema;
  if (!properties) return short(schema);
  const lines = Object.entries(properties).map(
    ([name, field]) => `  ${name}${required.includes(name) ? "" : "?"}: ${short(field)};`,
  );
  return lines.length > 0 ? `{\n${lines.join("\n")}\n}` : "{}";
}

/** @param {Schema} schema */
function short(schema) {
  const type = typeOf(schema, { null: "absent" });
  return type
    .replaceAll("readonly ", "")
    .replaceAll(/\((\w+)\)\[\]/g, "$1[]")
    .replaceAll(/\s+/g, " ");
}

/** @param {string} text @param {number} [width] */
function wrapped(text, width = 120) {
  /** @type {string[]} */
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.join("\n");
}
