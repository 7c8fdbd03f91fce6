// The fold cases of schema/: logs and the states that they come to, in both languages.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

import { Notebook } from "../../js/notebook/state/notebook.js";
import { stateJson } from "../../js/notebook/state/snapshot.js";

const folder = new URL("../../schema/fold-cases/", import.meta.url);

/** @typedef {{ rule: string, log: [name: string, args: any][], state: any, refused?: number }} Case */

for (const file of readdirSync(folder)) {
  /** @type {Case[]} */
  const cases = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
  for (const { rule, log, state, refused = 0 } of cases) {
    test(`${file}: ${rule}`, () => {
      /** @type {string[]} */
      const problems = [];
      const notebook = new Notebook((problem) => void problems.push(problem));
      notebook.apply(log.map(([name, args]) => ({ name, args })));
      assert.deepEqual(stateJson(notebook), state);
      const refusals = problems.filter((problem) => problem.startsWith("An event was refused"));
      assert.equal(refusals.length, refused, problems.join("\n"));
    });
  }
}
