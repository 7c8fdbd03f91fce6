// Which cells are selected: all from the one where the selection began to the one that has the focus.

/**
 * @param {readonly string[]} order of the cells
 * @param {string | null} anchor where the selection began; null if one cell is selected
 * @param {string | null} id of the cell that has the focus
 * @returns {readonly string[]} in order; empty if that cell is gone
 */
export function rangeOf(order, anchor, id) {
  if (id === null) return [];
  const [from, to] = [order.indexOf(anchor ?? id), order.indexOf(id)];
  if (to < 0) return [];
  return from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/**
 * The places to which selected cells move by a step. They become neighbours; at an end they stay.
 * @param {readonly string[]} order
 * @param {readonly string[]} ids in order
 * @param {1 | -1} step
 * @returns {readonly string[]} the new order
 */
export function stepped(order, ids, step) {
  const first = order.indexOf(ids[0]);
  const others = order.filter((id) => !ids.includes(id));
  const place = Math.max(0, Math.min(first + step, others.length));
  return others.toSpliced(place, 0, ...ids);
}
