// Merging two sources: the cases of schema/, and what holds for any three sources.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { mergeSource } from "../../../../js/notebook/index.js";
import { editedSource, random, randomSource } from "../../support/random.js";

const file = new URL("../../../../schema/merge-cases/cases.json", import.meta.url);

/** @typedef {{ rule: string, base: string, mine: string, theirs: string, merged: string, conflict?: boolean }} Case */

for (const each of /** @type {Case[]} */ (JSON.parse(readFileSync(file, "utf8")))) {
  test(each.rule, () => {
    const { base, mine, theirs, merged: source, conflict: isConflict = false } = each;
    assert.deepEqual(mergeSource(base, mine, theirs), { source, isConflict });
  });
}

/** How often each line is there, whatever its end. @param {string} source */
function countLines(source) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const line of source.split("\n")) {
    const text = line.replace(/\r$/, "");
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** The lines that `to` lacks of what `from` has more often than the base. @param {string} base @param {string} from @param {string} to */
function lost(base, from, to) {
  const [before, there] = [countLines(base), countLines(to)];
  return [...countLines(from)].filter(
    ([line, count]) => (there.get(line) ?? 0) < count - (before.get(line) ?? 0),
  );
}

test("whatever the sources, no new line is lost, and the order of the sides changes no line", () => {
  const below = random(1);
  for (let left = 5000; left > 0; left--) {
    const base = randomSource(below);
    const mine = below(2) ? editedSource(base, below, "m") : randomSource(below);
    const theirs = below(2) ? editedSource(base, below, "t") : randomSource(below);
    const { source, isConflict } = mergeSource(base, mine, theirs);
    const told = JSON.stringify({ base, mine, theirs, source });
    assert.deepEqual(lost(base, mine, source), [], told);
    assert.deepEqual(lost(base, theirs, source), [], told);
    const other = mergeSource(base, theirs, mine);
    assert.deepEqual([...countLines(other.source)].sort(), [...countLines(source)].sort(), told);
    assert.equal(other.isConflict, isConflict, told);
    if (!isConflict && !base.includes("\r")) assert.equal(other.source, source, told);
    assert.equal(mergeSource(base, mine, base).source, mine);
    assert.equal(mergeSource(base, base, mine).source, mine);
    assert.equal(mergeSource(base, mine, mine).source, mine);
  }
});

test("a large source is merged, however often a line is in it", () => {
  for (const lines of [
    Array.from({ length: 50_000 }, (_, number) => `${number}`.padEnd(50)),
    Array.from({ length: 200_000 }, (_, number) => `x = ${number % 3}`),
  ]) {
    const [mine, theirs] = [[...lines], [...lines]];
    mine.splice(10, 1, "mine");
    mine.push("mine, too");
    theirs.splice(20_000, 1, "theirs");
    const { source } = mergeSource(lines.join("\n"), mine.join("\n"), theirs.join("\n"));
    const merged = new Set(source.split("\n"));
    assert.ok(["mine", "mine, too", "theirs"].every((line) => merged.has(line)));
  }
});
