// What a reader is told of an output that the page cannot show.

import assert from "node:assert/strict";
import test from "node:test";

import { describeUnshown } from "../../../../web/ui/outputs/unshown.js";

const WIDGET = "application/vnd.jupyter.widget-view+json";

/** @param {Record<string, any>} data @returns {any} */
const bundleOf = (data) =>
  Object.fromEntries(
    Object.entries(data).map(([type, each]) => [type, { type: "inline", data: each }]),
  );

/** @type {[data: Record<string, any>, shown: string | undefined, sentence: RegExp | null, hidesText?: boolean][]} */
const CASES = [
  [{ "text/plain": "3" }, "text/plain", null],
  [{ "text/html": "<b>", "application/x-own": 1, "text/plain": "<T>" }, "text/html", null],
  [
    { [WIDGET]: {}, "text/plain": "IntSlider(value=3)" },
    "text/plain",
    /an interactive widget\. .+code/,
  ],
  [{ [WIDGET]: {} }, undefined, /an interactive widget/],
  [{ [WIDGET]: {}, "image/png": "iVBO" }, "image/png", null],
  [
    {
      "application/javascript": "alert()",
      "text/plain": "<IPython.core.display.Javascript object>",
    },
    "text/plain",
    /JavaScript\. .+SVG/,
    true,
  ],
  [{ "application/pdf": "JVBE", "text/plain": "<Figure at 0x7F>" }, "text/plain", /a PDF/, true],
  [
    { "application/x-own": 1, "text/plain": "<b> is a tag>" },
    "text/plain",
    /application\/x-own\.$/,
  ],
  [{ "application/x-own": 1, "a/b": 2 }, undefined, /application\/x-own, a\/b\.$/],
  [{ "application/vnd.anode.aitool+json": {}, "text/plain": "x" }, "text/plain", null],
  [{}, undefined, null],
];

for (const [data, shown, sentence, hidesText = false] of CASES) {
  test(`of ${JSON.stringify(data)}`, () => {
    const said = describeUnshown(bundleOf(data), shown);
    if (sentence === null) return assert.equal(said, undefined);
    assert.match(said?.sentence ?? "", /^Not shown here: /);
    assert.match(said?.sentence ?? "", sentence);
    assert.equal(said?.hidesText, hidesText);
  });
}

test("what is kept elsewhere says so", () => {
  /** @type {any} */
  const bundle = { "image/png": { type: "artifact", artifactId: "a" } };
  assert.match(
    describeUnshown(bundle, undefined)?.sentence ?? "",
    /image\/png, which is kept outside/,
  );
});
