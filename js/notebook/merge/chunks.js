// What turns one source into another: line by line, and as the spans of characters that an editor changes.

/** @import { SourceChange } from "../../types-sources.d.ts" */

import { diffIndices } from "./diff3.js";

/** The lines of the base from `from` up to `to` have become `lines`. @typedef {{ from: number, to: number, lines: readonly string[] }} Chunk */

/** Two ranges of lines are compared only if they have at most so many pairs, since that takes as many steps. */
const MOST_PAIRS = 1_000_000;

/** A line has no "\n", but keeps the "\r" before it. @param {string} source */
export function linesOf(source) {
  return source.split("\n");
}

/**
 * The chunks, in order, with at least one line between two of them. Lines are the same if they differ in their
 * ends alone.
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 * @returns {Chunk[]}
 */
export function chunksBetween(before, after) {
  const [a, b] = [before.map(withoutEnd), after.map(withoutEnd)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let [endA, endB] = [a.length, b.length];
  for (; endA > head && endB > head && a[endA - 1] === b[endB - 1]; endA--) endB--;
  if (endA === head && endB === head) return [];
  if ((endA - head) * (endB - head) > MOST_PAIRS) {
    return [{ from: head, to: endA, lines: after.slice(head, endB) }];
  }
  const found = diffIndices(a.slice(head, endA), b.slice(head, endB));
  return found.map(({ buffer1: [from, removed], buffer2: [start, added] }) => ({
    from: head + from,
    to: head + from + removed,
    lines: after.slice(head + start, head + start + added),
  }));
}

/**
 * The spans that turn one source into another, as small as lines and what they have in common allow, so that
 * an editor keeps its cursor and its selection. Places count in the source before, in UTF-16 units.
 * @param {string} before
 * @param {string} after
 * @returns {SourceChange[]}
 */
export function sourceChanges(before, after) {
  const lines = linesOf(before);
  const starts = [0];
  for (const line of lines) starts.push(starts[starts.length - 1] + line.length + 1);
  return chunksBetween(lines, linesOf(after)).map(({ from, to, lines: added }) => {
    // With the break that follows the lines or, at the end of the source, the one before them.
    const isAtEnd = to === lines.length;
    if (!isAtEnd) {
      const insert = added.map((line) => `${line}\n`).join("");
      return narrow(before.slice(starts[from], starts[to]), insert, starts[from]);
    }
    if (from === 0) return narrow(before, added.join("\n"), 0);
    const insert = added.map((line) => `\n${line}`).join("");
    return narrow(before.slice(starts[from] - 1), insert, starts[from] - 1);
  });
}

/** Leaves out what a span and its replacement have in common. @param {string} old @param {string} insert @param {number} from */
function narrow(old, insert, from) {
  let head = 0;
  while (head < old.length && head < insert.length && old[head] === insert[head]) head++;
  if (isHalved(old, head)) head--;
  let [endOld, endNew] = [old.length, insert.length];
  for (; endOld > head && endNew > head && old[endOld - 1] === insert[endNew - 1]; endOld--) {
    endNew--;
  }
  if (isHalved(old, endOld)) [endOld, endNew] = [endOld + 1, endNew + 1];
  return { from: from + head, to: from + endOld, insert: insert.slice(head, endNew) };
}

/** Whether a place is within a pair of surrogates. @param {string} text @param {number} place */
function isHalved(text, place) {
  return (text.codePointAt(place - 1) ?? 0) > 0xffff;
}

/** @param {string} line */
function withoutEnd(line) {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
