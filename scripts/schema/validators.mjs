// The validators of events' args as one module that needs nothing: by ajv, from schema/events.json.

import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

import { shapeOf } from "./shapes.mjs";
import { eventsOf, mapValues, withoutNull } from "./vocabulary.mjs";

/** @import { Schema } from "./vocabulary.mjs" */

const HEAD = `// Written by \`make schema\` from schema/events.json: change the models, not this file.
// @ts-nocheck
`;

/**
 * A module that exports VALIDATORS by the events' names, as ajv makes them, and SHAPES, which say
 * where null counts as absent: a validator never sees one there.
 * @param {Schema} schema of events
 * @returns {Promise<string>}
 */
export async function buildValidators(schema) {
  const events = eventsOf(schema);
  const table = events.map(({ event, model }) => `${JSON.stringify(event)}: ${model}`);
  const shapes = events.map(({ event, model }) => [
    event,
    shapeOf(schema.$defs[model], schema.$defs),
  ]);
  const source = [
    FAIL,
    compile(
      schema.$defs,
      events.map(({ model }) => model),
    ),
    `export const VALIDATORS = {${table}};`,
    `export const SHAPES = ${JSON.stringify(Object.fromEntries(shapes))};`,
  ].join("\n");
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    ...{ bundle: true, format: "esm", minify: true, target: "es2022", write: false },
  });
  return HEAD + outputFiles[0].text;
}

/**
 * @param {{ [name: string]: Schema }} defs
 * @param {string[]} models
 * @returns {string} the code of a function for each of the models
 */
function compile(defs, models) {
  const ajv = new Ajv({
    code: { source: true, esm: true },
    ...{ discriminator: true, messages: false, inlineRefs: false },
  });
  ajv.addSchema({ $id: "events", $defs: mapValues(defs, lean) });
  const refs = models.map((model) => [model, `events#/$defs/${model}`]);
  /** @type {string} */
  const code = /** @type {any} */ (standalone).default(ajv, Object.fromEntries(refs));
  if (code.includes("require(")) throw new Error("a validator needs ajv at run time");
  return code
    .replaceAll("export const ", "const ")
    .replaceAll(FAILURE, (_, validate, path = "instancePath", ...[keyword, params]) => {
      return `return fail(${validate}, ${path}, ${keyword}, ${params});`;
    });
}

// How ajv's code says what is wrong. Where in the schema that stands is read by nobody.
const FAILURE =
  /(\w+)\.errors = \[\{instancePath(?::(.*?))?,schemaPath:"[^"]*",keyword:("\w+"),params:(.*?)\}\];\s*return false;/g;
const FAIL =
  "const fail = (validate, instancePath, keyword, params) =>" +
  " ((validate.errors = [{ instancePath, keyword, params }]), false);";

/** A schema as a validator needs it: without null, without words. @param {Schema} schema @returns {Schema} */
function lean(schema) {
  const { type, ...rest } = withoutNull({ ...schema, description: undefined });
  const { properties, additionalProperties, items } = rest;
  return {
    ...rest,
    ...(type && !rest.enum && { type }), // a choice of texts is of the type of each
    ...(properties && { properties: mapValues(properties, lean) }),
    ...(additionalProperties && { additionalProperties: lean(additionalProperties) }),
    ...(items && { items: lean(items) }),
  };
}
