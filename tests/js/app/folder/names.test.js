import assert from "node:assert/strict";
import { test } from "node:test";

import { faultOfPath } from "../../../../js/index.js";
import { fitPath, freePath, partName } from "../../../../web/app/folder/names.js";

test("whatever a file is called, it gets a path that can be in the folder; good ones stay", () => {
  const odd = [
    ...["", "/", "..", "../../etc/passwd", "a/../b", "/a", "a//b", "a\nb.csv", "\ud800.csv", "\0"],
    ...["ü".repeat(300) + ".csv", Array(2000).fill("abc").join("/"), "a." + "b".repeat(400)],
  ];
  for (const name of odd) assert.equal(faultOfPath(fitPath(name)), "", name.slice(0, 20));
  for (const name of ["a.csv", "data/a b.csv", "😀.txt", "..."]) assert.equal(fitPath(name), name);
  assert.equal(fitPath("a\nb.csv"), "a_b.csv");
});

test("a name that is taken gets a number before its ending", () => {
  const taken = new Set(["a.csv", "a (2).csv", "d.x/README"]);
  assert.equal(freePath("a.csv", taken), "a (3).csv");
  assert.equal(freePath("d.x/README", taken), "d.x/README (2)");
  assert.equal(freePath("b", taken), "b");
  assert.deepEqual(partName("d.x/.hidden"), ["d.x/.hidden", ""]);
});
