import assert from "node:assert/strict";
import test from "node:test";

import { LockedPackages } from "../../../../js/runtime/packages/locked-packages.js";

const SITE = "https://site.test/pyodide/";

/** @param {string} name @param {string} folder @param {string[]} depends */
function entry(name, folder, ...depends) {
  return {
    name,
    version: "1.0",
    file_name: `${folder}${name}-1.0.whl`,
    sha256: "",
    imports: [name],
    depends,
  };
}

const here = entry("here", "");
const there = entry("There_It", "https://cdn.test/v1/full/");
const nowhere = entry("nowhere", "https://distribution.invalid/");
const packages = { here, "there-it": there, nowhere };

test("a package is where the lock file says, or where the page says", () => {
  const lock = new LockedPackages(packages, SITE);
  assert.equal(lock.addressOf(here), "https://site.test/pyodide/here-1.0.whl");
  assert.equal(lock.addressOf(there), "https://cdn.test/v1/full/There_It-1.0.whl");
  assert.equal(lock.addressOf(nowhere), undefined);
  const mirrored = new LockedPackages(packages, SITE, "https://mirror.test/pyodide/");
  assert.equal(mirrored.addressOf(here), "https://site.test/pyodide/here-1.0.whl");
  assert.equal(mirrored.addressOf(there), "https://mirror.test/pyodide/There_It-1.0.whl");
  assert.equal(mirrored.addressOf(nowhere), "https://mirror.test/pyodide/nowhere-1.0.whl");
  const alone = new LockedPackages(packages, SITE, null);
  assert.equal(alone.addressOf(here), "https://site.test/pyodide/here-1.0.whl");
  assert.equal(alone.addressOf(there), undefined);
});

test("what a package needs is found by any spelling, once, and not beyond what is loaded", () => {
  const needy = entry("needy", "", "There.It", "round", "unknown");
  const round = entry("round", "", "needy", "here");
  const lock = new LockedPackages({ ...packages, needy, round }, SITE);
  const names = (/** @type {string[]} */ ...loaded) =>
    lock.needed("needy", (name) => loaded.includes(name)).map(({ name }) => name);
  assert.equal(names()[0], "needy");
  assert.deepEqual(names().sort(), ["There_It", "here", "needy", "round"]);
  assert.deepEqual(names("round").sort(), ["There_It", "needy"]);
  assert.deepEqual(names("needy"), []);
});
