// Where the versions of LiveStore differ.

/**
 * What `store.subscribe` takes: 0.3 an object, 0.4 the function itself; neither minds what the other wants.
 * @template T
 * @param {(result: T) => void} callback
 */
export function onUpdate(callback) {
  const update = (/** @type {T} */ result) => callback(result);
  return Object.assign(update, { onUpdate: update });
}
