// What an edit has changed, as the difference of the notebook's cells before and after it: so every edit can be undone by
// one rule, whatever it did.

/** @import { Cell } from "../../../js/types-notebook.d.ts" */

/** The cells that are shown, by id, in order. @typedef {ReadonlyMap<string, Cell>} Snapshot */

/**
 * What became of a cell; undefined where it was not shown.
 * @typedef {{ id: string, before: Cell | undefined, after: Cell | undefined }} Change
 */

/**
 * @typedef {object} Difference
 * @property {readonly Change[]} changes of cells that came, went, or hold something else
 * @property {readonly string[]} moved in their new order; where all cells have new indices, as few as can be
 * @property {readonly string[]} before the ids in order
 * @property {readonly string[]} after
 */

/** @param {readonly Cell[]} cells @returns {Snapshot} that stays as it is */
export function snapshotOf(cells) {
  return new Map(cells.map((cell) => [cell.id, { ...cell, metadata: new Map(cell.metadata) }]));
}

/** @param {Snapshot} before @param {Snapshot} after @returns {Difference | undefined} undefined if they are the same */
export function differenceOf(before, after) {
  const ids = new Set([...before.keys(), ...after.keys()]);
  const changes = [...ids].flatMap((id) => {
    const change = { id, before: before.get(id), after: after.get(id) };
    return isChange(change) ? [change] : [];
  });
  const orders = { before: [...before.keys()], after: [...after.keys()] };
  const later = orders.after.filter((id) => before.has(id));
  const earlier = orders.before.filter((id) => after.has(id));
  const indexed = later.filter(
    (id) => before.get(id)?.fractionalIndex !== after.get(id)?.fractionalIndex,
  );
  // All indices are new where there was no room for a cell.
  const own = indexed.length === later.length ? movedBetween(earlier, later) : indexed;
  const moved = isSame(earlier, later) ? [] : own;
  return changes.length + moved.length > 0 ? { changes, moved, ...orders } : undefined;
}

/** The same difference, the other way round. @param {Difference} difference @returns {Difference} */
export function reversed({ changes, moved, before, after }) {
  const changed = changes.map((it) => ({ id: it.id, before: it.after, after: it.before }));
  const ofMoved = new Set(moved);
  return {
    changes: changed,
    moved: before.filter((id) => ofMoved.has(id)),
    before: after,
    after: before,
  };
}

/**
 * The metadata that differ. @param {Cell} before @param {Cell} after
 * @returns {readonly string[]} their keys
 */
export function changedKeys(before, after) {
  const keys = new Set([...before.metadata.keys(), ...after.metadata.keys()]);
  return [...keys].filter((key) => !isSame(before.metadata.get(key), after.metadata.get(key)));
}

/** Whether two values are the same JSON. @param {unknown} one @param {unknown} other */
export function isSame(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/**
 * The cell above which another stands in an order, of those that are there.
 * @param {readonly string[]} wanted the order that it has a place in
 * @param {string} id
 * @param {(id: string) => boolean} isThere
 * @returns {string | null} null for the top
 */
export function neighbourAbove(wanted, id, isThere) {
  for (let at = wanted.indexOf(id) - 1; at >= 0; at--) if (isThere(wanted[at])) return wanted[at];
  return null;
}

/**
 * The cell below which another stands in an order, of those that are there.
 * @param {readonly string[]} wanted
 * @param {string} id
 * @param {(id: string) => boolean} isThere
 * @returns {string | null} null for the end
 */
export function neighbourBelow(wanted, id, isThere) {
  const place = wanted.indexOf(id);
  return wanted.find((other, at) => at > place && isThere(other)) ?? null;
}

const FIELDS = /** @type {const} */ ([
  ...["cellType", "source", "sourceVisible", "outputVisible", "aiContextVisible"],
]);

/** @param {Change} change */
function isChange({ before, after }) {
  if (!before || !after) return before !== after;
  const names = /** @type {readonly (keyof Cell)[]} */ (FIELDS);
  if (names.some((name) => before[name] !== after[name])) return true;
  return !isSame(before.ai, after.ai) || changedKeys(before, after).length > 0;
}

/**
 * The cells outside the longest run of those that keep their order.
 * @param {readonly string[]} before
 * @param {readonly string[]} after the same cells
 * @returns {readonly string[]} in the order after
 */
function movedBetween(before, after) {
  const places = new Map(before.map((id, place) => [id, place]));
  const kept = longestRise(after.map((id) => places.get(id) ?? 0));
  return after.filter((_, at) => !kept.has(at));
}

/** The places of a longest rising run of numbers, in n log n steps. @param {readonly number[]} values */
function longestRise(values) {
  /** Of each length, where the run with the lowest end ends. @type {number[]} */
  const ends = [];
  /** @type {number[]} */
  const previous = [];
  values.forEach((value, at) => {
    const length = firstNotBelow(ends, (end) => values[end] < value);
    previous[at] = length > 0 ? ends[length - 1] : -1;
    ends[length] = at;
  });
  const kept = new Set();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at]) kept.add(at);
  return kept;
}

/** @param {readonly number[]} ends @param {(end: number) => boolean} isBelow */
function firstNotBelow(ends, isBelow) {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(ends[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}
