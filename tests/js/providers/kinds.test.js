// The kinds of providers that the page offers.

import assert from "node:assert/strict";
import { test } from "node:test";

import presets from "../../../runt_pyodide/llm/openai/presets.json" with { type: "json" };
import services from "../../../runt_pyodide/llm/services/services.json" with { type: "json" };
import { KINDS, titleOf } from "../../../web/providers/kinds.js";

test("every preset is a kind, with what a page must know and since when", () => {
  assert.deepEqual(Object.keys(KINDS).slice(0, 3), ["openai", "ollama", "anthropic"]);
  const described = { ...presets, ...services };
  for (const [name, { title, cors, cors_checked: checked }] of Object.entries(described)) {
    assert.equal(titleOf(name), title);
    assert.ok(KINDS[name].note?.startsWith(cors));
    assert.ok(KINDS[name].note?.includes(checked));
  }
  assert.equal(KINDS.azure.baseUrl, "");
});
