import assert from "node:assert/strict";
import test from "node:test";

import { Fragment, h } from "preact";

import { AsWritten, markWhatIsSaid } from "../../../../web/ui/parts/marked.js";

markWhatIsSaid();
const BIDI = "a\u202eb";
const SHOWN = "a⟦U+202E⟧b";

test("an element's strings are marked, wherever they stand among its children", () => {
  const inner = h("b", null, BIDI);
  const { props } = h("p", null, BIDI, [BIDI, null, 7, inner], false);
  assert.deepEqual(props.children, [SHOWN, [SHOWN, null, 7, inner], false]);
  assert.equal(inner.props.children, SHOWN);
});

test("so are the attributes that are read out or pointed at, and no others", () => {
  const said = { alt: BIDI, "aria-label": BIDI, label: BIDI, placeholder: BIDI, title: BIDI };
  const used = { value: BIDI, href: BIDI, "data-tool": BIDI };
  const { props } = h("input", { ...said, ...used });
  for (const name of Object.keys(said)) assert.equal(/** @type {any} */ (props)[name], SHOWN, name);
  for (const name of Object.keys(used)) assert.equal(/** @type {any} */ (props)[name], BIDI, name);
});

test("what is shown as it was written is not, nor what a component is given", () => {
  assert.equal(h(AsWritten, { text: BIDI }).props.text, BIDI);
  assert.equal(AsWritten({ text: BIDI }), BIDI);
  assert.equal(h(Fragment, null, BIDI).props.children, BIDI);
});

test("a list that components share is not changed", () => {
  const list = [BIDI];
  assert.deepEqual(h("ul", null, list).props.children, [SHOWN]);
  assert.deepEqual(list, [BIDI]);
});
