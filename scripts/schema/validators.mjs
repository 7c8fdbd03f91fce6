// Generates the validators of events' args from schema/events.json, with ajv, as one module without imports.

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
 * Returns the code of a module that exports VALIDATORS by the events' names, as ajv generates them, and
 * SHAPES, which say where null counts as absent: validators never see null there.
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

// How ajv's code reports an error. The path in the schema is not used, so it is dropped.
const FAILURE =
  /(\w+)\.errors = \[\{instancePath(?::(.*?))?,schemaPath:"[^"]*",keyword:("\w+"),params:(.*?)\}\];\s*return false;/g;
const FAIL =
  "const fail = (validate, instancePath, keyword, params) =>" +
  " ((validate.errors = [{ instancePath, keyword, params }]), false);";

/** Returns a schema as a validator needs it, without null and without descriptions. @param {Schema} schema @returns {Schema} */
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
