// The cases of schema/ipynb-cases/: notebooks' files, the states that they come to, and the files that these become.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

import { indicesFor } from "../../js/notebook/cell-order.js";
import { parseExact, stringifyExact } from "../../js/notebook/ipynb/exact-json.js";
import { readIpynb } from "../../js/notebook/ipynb/read.js";
import { writeIpynb } from "../../js/notebook/ipynb/write.js";
import { Notebook } from "../../js/notebook/state/notebook.js";
import { stateJson } from "../../js/notebook/state/snapshot.js";

const folder = new URL("../../schema/ipynb-cases/", import.meta.url);

/**
 * A file, in JSON or as `text`, and its `name`; the `state` that it comes to, and the file that this `becomes`, if that
 * is another one; or what is wrong with it.
 * @typedef {{ rule: string, file?: any, text?: string, name?: string, state?: any, becomes?: any, fault?: string }} Case
 */

for (const name of readdirSync(folder)) {
  /** @type {Case[]} */
  const cases = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
  for (const { rule, file, text = JSON.stringify(file), name: title, ...expected } of cases) {
    test(`${name}: ${rule}`, () => {
      if (expected.fault === undefined) {
        const { state, written } = roundTrip(text, title);
        assert.deepEqual(state, expected.state);
        assert.deepEqual(parseExact(written), expected.becomes ?? parseExact(text));
      } else assert.throws(() => roundTrip(text), { message: expected.fault });
    });
  }
}

/** @param {string} text @param {string} [name] */
function roundTrip(text, name) {
  let made = 0;
  const makeId = () => `made-${made++}`;
  const place = { isFree: () => true, indices: indicesFor, isEmpty: true, author: "t" };
  const { events } = readIpynb(text, { ...place, name, makeId });
  /** @type {string[]} */
  const problems = [];
  const notebook = new Notebook((problem) => void problems.push(problem));
  notebook.apply(events.map(([name, args]) => ({ name, args })));
  assert.deepEqual(problems, []);
  return { state: stateJson(notebook), written: stringifyExact(writeIpynb(notebook)) };
}
