// Merges two sources that were made from one, line by line. No line that either of them adds is lost; a line
// of the base stays if both keep it. runt_pyodide/notebook/merge.py is the counterpart; schema/merge-cases/
// binds the two.

/** @import { MergedSource } from "../../types-sources.d.ts" */
/** @import { Chunk } from "./chunks.js" */

import { chunksBetween, linesOf } from "./chunks.js";

/** One of the two: its lines, and what it changed. @typedef {{ lines: readonly string[], chunks: readonly Chunk[] }} Side */

/**
 * @param {string} base the last source that both knew
 * @param {string} mine
 * @param {string} theirs
 * @returns {MergedSource}
 */
export function mergeSource(base, mine, theirs) {
  if (theirs === base || theirs === mine) return { source: mine, isConflict: false };
  if (mine === base) return { source: theirs, isConflict: false };
  const lines = linesOf(base);
  const weaver = new Weaver(lines, sideOf(lines, mine), sideOf(lines, theirs));
  return { source: weaver.weave().join("\n"), isConflict: weaver.isConflict };
}

/** @param {readonly string[]} base @param {string} source @returns {Side} */
function sideOf(base, source) {
  const lines = linesOf(source);
  return { lines, chunks: chunksBetween(base, lines) };
}

/** Goes through the base once, with both sides' changes beside it. */
class Weaver {
  isConflict = false;
  /** @type {string[]} */
  #woven = [];
  #base;
  #mine;
  #theirs;

  /** @param {readonly string[]} base @param {Side} mine @param {Side} theirs */
  constructor(base, mine, theirs) {
    this.#base = base;
    this.#mine = new Progress(mine);
    this.#theirs = new Progress(theirs);
  }

  /** @returns {string[]} */
  weave() {
    const [mine, theirs] = [this.#mine, this.#theirs];
    for (let at = 0; ;) {
      const start = Math.min(mine.start, theirs.start, this.#base.length);
      for (; at < start; at++) this.#keep(at);
      const isMine = mine.start === start && mine.chunk !== undefined;
      const isTheirs = theirs.start === start && theirs.chunk !== undefined;
      if (isMine && isTheirs && mine.inserts === theirs.inserts) this.#takeBoth();
      else if (isMine && (!isTheirs || mine.inserts)) this.#take(mine, theirs);
      else if (isTheirs) this.#take(theirs, mine);
      else return this.#woven;
    }
  }

  /** Keeps a line of the base, unless a side has taken it out; its end is the one that a side gave it. @param {number} at */
  #keep(at) {
    const [mine, theirs] = [this.#mine, this.#theirs];
    if (at < mine.gone || at < theirs.gone) return;
    const own = mine.lineAt(at);
    this.#woven.push(own === this.#base[at] ? theirs.lineAt(at) : own);
  }

  /** @param {Progress} side @param {Progress} other */
  #take(side, other) {
    const isWithin = side.start < other.gone;
    const lines = side.take();
    if (isWithin && lines.length + other.latest.length > 0) this.isConflict = true;
    this.#add(lines);
  }

  /** Both change the same place: what they have in common at its start and end comes once. */
  #takeBoth() {
    const isSameEnd = this.#mine.chunk?.to === this.#theirs.chunk?.to;
    const isReplaced = !this.#mine.inserts;
    const [mine, theirs] = [this.#mine.take(), this.#theirs.take()];
    const head = countSame(mine, theirs);
    const [rest, otherRest] = [mine.slice(head), theirs.slice(head)];
    const tail = isSameEnd ? countSame(reversed(rest), reversed(otherRest)) : 0;
    const own = rest.slice(0, rest.length - tail);
    const others = otherRest.slice(0, otherRest.length - tail);
    const isOneGone = isReplaced && (mine.length === 0) !== (theirs.length === 0);
    if ((own.length > 0 && others.length > 0) || isOneGone) this.isConflict = true;
    this.#add(mine.slice(0, head), own, others, rest.slice(rest.length - tail));
  }

  /** @param {...readonly string[]} parts */
  #add(...parts) {
    for (const part of parts) for (const line of part) this.#woven.push(line);
  }
}

/** How far one side is followed. */
class Progress {
  /** The first line of the base after those that this side has taken out. */
  gone = 0;
  /** What its last chunk brought. @type {readonly string[]} */
  latest = [];
  #side;
  #next = 0;
  /** How much further down a line stands in the side than in the base. */
  #shift = 0;

  /** @param {Side} side */
  constructor(side) {
    this.#side = side;
  }

  get chunk() {
    return this.#side.chunks.at(this.#next);
  }

  get start() {
    return this.chunk?.from ?? Infinity;
  }

  /** Whether the next chunk takes nothing out. */
  get inserts() {
    return this.chunk?.from === this.chunk?.to;
  }

  /** @param {number} at a line of the base, which the side has, too */
  lineAt(at) {
    return this.#side.lines[at + this.#shift];
  }

  /** Goes on to the next chunk, and returns what this one brings. */
  take() {
    const { from, to, lines } = /** @type {Chunk} */ (this.chunk);
    this.#next++;
    this.#shift += lines.length - (to - from);
    this.gone = to;
    this.latest = lines;
    return lines;
  }
}

/** How many items two lists have in common at their start. @param {readonly string[]} a @param {readonly string[]} b */
function countSame(a, b) {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}

/** @param {readonly string[]} items */
function reversed(items) {
  return [...items].reverse();
}
