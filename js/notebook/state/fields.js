// Helpers for optional fields of events, and for values that are set key by key.

/** @param {Map<string, any>} values @param {string} key @param {any} value null removes the key */
export function setKey(values, key, value) {
  if (value === null) values.delete(key);
  else values.set(key, value);
}

/**
 * Returns the fields that are present. An optional field is never null: readEvent has left it out.
 * @template {object} T
 * @param {T} fields
 * @returns {{ [K in keyof T]?: Exclude<T[K], undefined> }}
 */
export function pickPresent(fields) {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return /** @type {any} */ (Object.fromEntries(present));
}
