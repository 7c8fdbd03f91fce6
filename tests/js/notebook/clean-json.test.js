import assert from "node:assert/strict";
import test from "node:test";

import { memoryStore } from "../../../js/index.js";
import { canonicalJson, cleanJson } from "../../../js/notebook/clean-json.js";
import { openNotebook } from "../../../js/notebook/index.js";

test("what no event may hold is made into what it may", () => {
  for (const [value, clean] of /** @type {[any, any][]} */ ([
    [2 ** 53 - 1, 2 ** 53 - 1],
    [-(2 ** 53), "-9007199254740992"],
    [1e300, "1e+300"],
    [Infinity, null],
    [NaN, null],
    ["\ud83d\ude42", "\ud83d\ude42"],
    ["a\ud83d", "a\\ud83d"],
    [{ "\udead": [null, true] }, { "\\udead": [null, true] }],
    [JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}')],
  ])) {
    assert.deepEqual(cleanJson(value), clean);
  }
});

test("a Jupyter notebook that holds such values is imported whole", () => {
  const deep = `${"[".repeat(500)}1e400, 2e20${"]".repeat(500)}`;
  const outputs = `[{"output_type": "display_data", "metadata": {},
    "data": {"application/json": {"big": 123456789012345678901, "deep": ${deep}, "half": "\\ud83d"}}}]`;
  const cell = `{"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "execution_count": 1,
    "outputs": ${outputs}}`;
  const nb = openNotebook(memoryStore());
  assert.equal(nb.importIpynb(`{"nbformat": 4, "metadata": {}, "cells": [${cell}, ${cell}]}`), 2);
  const [{ bundle }] = nb.outputs(nb.cells[0]);
  const data = /** @type {any} */ (bundle["application/json"].data);
  assert.equal(data.big, "123456789012345678901");
  assert.equal(data.half, "\\ud83d");
});

test("JSON with its keys in one order, whatever the values are", () => {
  const odd = JSON.parse(
    '{"toString": [{"b": {}, "a": 1}], "__proto__": {"valueOf": {}}, "1": []}',
  );
  const same = Object.fromEntries(Object.entries(odd).reverse());
  assert.equal(canonicalJson(odd), canonicalJson(same));
  assert.notEqual(canonicalJson({ a: [1] }), canonicalJson({ a: ["1"] }));
});
