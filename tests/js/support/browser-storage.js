/** A browser's storage, as the standard has it. @returns {Storage} */
export function storage() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, String(value)),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
    key: (place) => [...items.keys()][place] ?? null,
    get length() {
      return items.size;
    },
  };
}

/** All that stands in a storage. @param {Storage} one */
export function textOf(one) {
  return Array.from({ length: one.length }, (_, i) => one.getItem(one.key(i) ?? "")).join("\n");
}
