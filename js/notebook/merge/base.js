// The source that another one was made from, as an event carries it: only the lines that differ.

/** @import { SourceBase } from "../../events.d.ts" */

import { linesOf } from "./chunks.js";

/** @param {string} source @param {string} base what it was made from @returns {SourceBase} */
export function writeBase(source, base) {
  const [now, before] = [linesOf(source), linesOf(base)];
  const shorter = Math.min(now.length, before.length);
  let head = 0;
  while (head < shorter && now[head] === before[head]) head++;
  let tail = 0;
  while (tail < shorter - head && now.at(-1 - tail) === before.at(-1 - tail)) tail++;
  return { head, lines: before.slice(head, before.length - tail), tail };
}

/** @param {string} source @param {SourceBase} base @returns {string} what the source was made from */
export function readBase(source, { head, lines, tail }) {
  const now = linesOf(source);
  const rest = now.length - Math.max(0, tail);
  return [...now.slice(0, Math.max(0, head)), ...lines, ...now.slice(Math.max(0, rest))].join("\n");
}
