// Fields of events: those that may be left out, and those that are set one by one.

/** @param {Map<string, any>} values @param {string} key @param {any} value null removes the key */
export function setKey(values, key, value) {
  if (value === null) values.delete(key);
  else values.set(key, value);
}

/**
 * Null counts as absent where a field is optional.
 * @template {object} T
 * @param {T} fields
 * @returns {{ [K in keyof T]?: NonNullable<T[K]> }}
 */
export function withoutNull(fields) {
  const present = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return /** @type {any} */ (Object.fromEntries(present));
}
