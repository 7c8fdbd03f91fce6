// Generates TypeScript's types from a schema, for the forms of JSON Schema that occur in ours.

import { eventsOf, isNullable, mapValues, nameOf, withoutNull } from "./vocabulary.mjs";

/** @import { Schema } from "./vocabulary.mjs" */

/**
 * How a schema becomes a type: whether an optional field may be null ("absent": nobody writes it), and how its
 * `$defs` are renamed.
 * @typedef {{ null: "absent" | "written", rename?: (name: string) => string }} Style
 */

/** @param {Schema} schema @param {Style} style @returns {string} */
export function typeOf(schema, style) {
  const { $ref, const: only, enum: choices, anyOf, oneOf, type } = withoutNull(schema);
  if ($ref) return (style.rename ?? String)(nameOf($ref));
  if (only !== undefined) return JSON.stringify(only);
  if (choices) return union(choices.map((/** @type {any} */ one) => JSON.stringify(one)));
  if (anyOf ?? oneOf) {
    const isWritten = (/** @type {Schema} */ one) =>
      style.null === "written" || one.type !== "null";
    const kinds = (anyOf ?? oneOf).filter(isWritten);
    return union(kinds.map((/** @type {Schema} */ one) => written(one, style)));
  }
  if (Array.isArray(type))
    return union(type.map((/** @type {string} */ one) => typeOf({ type: one }, style)));
  switch (type) {
    case "object":
      return objectType(schema, style);
    case "array":
      return `readonly (${typeOf(schema.items ?? {}, style)})[]`;
    case "integer":
      return "number";
    case undefined:
      return "Json";
    default:
      return type;
  }
}

/** @param {Schema} schema @param {Style} style */
function objectType(schema, style) {
  const { properties, required = [], additionalProperties } = withoutNull(schema);
  if (!properties && !additionalProperties) return "JsonObject";
  if (!additionalProperties && Object.keys(properties).length === 0) return "Record<string, never>";
  const fields = Object.entries(properties ?? {}).map(([name, field]) => {
    const mark = required.includes(name) ? "" : "?";
    const kind = mark && style.null === "absent" ? typeOf(field, style) : written(field, style);
    return `${doc(field)}readonly ${JSON.stringify(name)}${mark}: ${kind};`;
  });
  if (additionalProperties) {
    const kinds = [...Object.values(properties ?? {}), additionalProperties];
    const any = kinds.map((kind) => written(kind, style));
    fields.push(`readonly [name: string]: ${union(properties ? [...any, "undefined"] : any)};`);
  }
  const isShort = fields.length === 1 && !fields[0].includes("\n");
  return isShort ? `{ ${fields[0]} }` : `{\n${fields.join("\n")}\n}`;
}

/** @param {Schema} schema @param {Style} style */
function written(schema, style) {
  return isNullable(schema) ? union([typeOf(schema, style), "null"]) : typeOf(schema, style);
}

/** @param {string[]} kinds */
const union = (kinds) => [...new Set(kinds)].join(" | ");

/** @param {Schema} schema */
export function doc({ description }) {
  return description ? `/** ${description.replaceAll("*/", "* /")} */\n` : "";
}

/** Declares a type for each of the `$defs`. @param {{ [name: string]: Schema }} defs @param {Style} style */
export function declare(defs, style) {
  const declarations = mapValues(defs, (schema) => typeOf(schema, style));
  return Object.entries(declarations).map(
    ([name, type]) => `${doc(defs[name])}export type ${(style.rename ?? String)(name)} = ${type};`,
  );
}

const CONFIG_NAMES = {
  OpenAISettings: "OpenAIConfig",
  OllamaSettings: "OllamaConfig",
  AnthropicSettings: "AnthropicConfig",
  GeminiSettings: "GeminiConfig",
  TestSettings: "TestConfig",
};

/** @param {Schema} schema of the AI configuration @returns {string} js/config.d.ts */
export function declareConfig(schema) {
  const rename = (/** @type {string} */ name) => /** @type {any} */ (CONFIG_NAMES)[name] ?? name;
  /** @type {Style} */
  const style = { null: "written", rename };
  return [...declare(schema.$defs, style), ...declare({ AIConfig: schema }, style)].join("\n\n");
}

/** @param {Schema} schema of the AI record @returns {string} js/types-ai-record.d.ts */
export function declareRecord(schema) {
  const states = 'export type CallState = NonNullable<AIRecord["state"]>;';
  return [...declare(schema.$defs, { null: "absent" }), states].join("\n\n");
}

/** @param {Schema} schema of events @returns {string} js/events.d.ts */
export function declareEvents(schema) {
  const events = eventsOf(schema);
  const models = new Set(events.map(({ model }) => model));
  const shared = Object.entries(schema.$defs).filter(([name]) => !models.has(name));
  /** @type {Style} */
  const style = { null: "absent" };
  const args = events.map(({ event, model }) => {
    const one = schema.$defs[model];
    return `${doc(one)}readonly ${JSON.stringify(event)}: ${typeOf(one, style)};`;
  });
  return [
    ...declare(Object.fromEntries(shared), style),
    `/** What each event says, by its name. */\nexport interface EventArgs {\n${args.join("\n")}\n}`,
  ].join("\n\n");
}
