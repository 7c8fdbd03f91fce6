import assert from "node:assert/strict";
import test from "node:test";

import { indented } from "../../../../web/render/measure/json.js";

test("JSON is indented, unless it is so deep that the blanks would be most of it", () => {
  assert.equal(indented({ a: [1] }), '{\n  "a": [\n    1\n  ]\n}');
  const deep = JSON.parse("[".repeat(2000) + "]".repeat(2000));
  assert.equal(indented(deep).length, 4000);
  assert.equal(indented(undefined), "undefined");
});
