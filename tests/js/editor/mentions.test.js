import assert from "node:assert/strict";
import { test } from "node:test";

import { mentionOf } from "../../../web/editor/mentions.js";

test("a name is quoted if the prompt could be read otherwise", () => {
  assert.equal(mentionOf("data/ü-1.csv"), "@data/ü-1.csv");
  assert.equal(mentionOf("of 2026.csv"), '@"of 2026.csv"');
  assert.equal(mentionOf("a."), '@"a."');
  assert.equal(mentionOf('a"b'), '@`a"b`');
});
