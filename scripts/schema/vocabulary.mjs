// Reads schema/events.json: its events, and the few forms of JSON Schema that occur in it.

/** @typedef {{ [keyword: string]: any }} Schema */

/**
 * Returns the events, each with the name of the model of its args in `$defs`.
 * @param {Schema} schema
 * @returns {{ event: string, model: string, needsArgs: boolean }[]}
 */
export function eventsOf(schema) {
  return schema.oneOf.map((/** @type {Schema} */ { properties: { name, args }, required }) => ({
    event: name.const,
    model: nameOf(withoutNull(args).$ref),
    needsArgs: required.includes("args"),
  }));
}

/** The name that a reference to `$defs` has. @param {string} ref */
export function nameOf(ref) {
  return ref.slice("#/$defs/".length);
}

/** @param {Schema} schema */
export function isNullable({ type, anyOf }) {
  return Array.isArray(type) ? type.includes("null") : (anyOf?.[1]?.type ?? "") === "null";
}

/** Returns the schema without null. @param {Schema} schema @returns {Schema} */
export function withoutNull(schema) {
  if (!isNullable(schema)) return schema;
  const { anyOf, type, enum: choices, ...rest } = schema;
  if (anyOf) return { ...rest, ...anyOf[0] };
  const kept = { ...rest, type: type[0] };
  return choices
    ? { ...kept, enum: choices.filter((/** @type {any} */ one) => one !== null) }
    : kept;
}

/** @template A, B @param {{ [key: string]: A } | undefined} object @param {(value: A) => B} make */
export function mapValues(object = {}, make) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, make(value)]));
}
