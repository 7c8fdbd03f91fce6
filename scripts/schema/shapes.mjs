// Finds where null counts as absent in a schema: see Shape in js/notebook/event-check.js.

import { isNullable, mapValues, nameOf, withoutNull } from "./vocabulary.mjs";

/** @import { Schema } from "./vocabulary.mjs" */

/**
 * @param {Schema} schema
 * @param {{ [name: string]: Schema }} defs
 * @returns {Schema | undefined} undefined if null does not count as absent anywhere in it
 */
export function shapeOf(schema, defs) {
  const { $ref, oneOf = [], properties, additionalProperties, items } = withoutNull(schema);
  if ($ref) return shapeOf(defs[nameOf($ref)], defs);
  const shapes = oneOf.map((/** @type {Schema} */ one) => shapeOf(one, defs) ?? {});
  const fields = Object.entries(properties ?? {});
  const optional = fields.filter(([, field]) => isNullable(field)).map(([name]) => name);
  const within = mapValues(properties, (field) => shapeOf(field, defs));
  const inner = additionalProperties ?? items;
  const each = inner && shapeOf(inner, defs);
  const own = present({ optional, within: present(within), each });
  const shape = present(Object.assign({}, ...shapes, own));
  return Object.keys(shape).length > 0 ? shape : undefined;
}

/** Leaves out empty values. @param {Schema} object */
function present(object) {
  const isThere = (/** @type {any} */ value) => value && Object.keys(value).length > 0;
  return Object.fromEntries(Object.entries(object).filter(([, value]) => isThere(value)));
}
