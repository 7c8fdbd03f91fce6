import assert from "node:assert/strict";
import test from "node:test";

import {
  LARGEST_IMAGE,
  imageType,
  imagesOf,
  readPicture,
  settingsOf,
} from "../../../../js/notebook/state/cell-settings.js";

const PNG = "iVBORw0KGgo=";

/** @param {Record<string, any>} metadata @param {any} [more] @returns {any} */
const cell = (metadata, more) => ({
  cellType: "ai",
  metadata: new Map(Object.entries(metadata)),
  ...more,
});

test("the first bytes say what a picture is", () => {
  const starts = {
    "\x89PNG\r\n\x1a\n": "image/png",
    "\xff\xd8\xff\xe0": "image/jpeg",
    GIF89a: "image/gif",
    "RIFF\x1a\0\0\0WEBPVP8L": "image/webp",
    "RIFF\x1a\0\0\0WAVE": undefined,
    BM: undefined,
    "<svg>": undefined,
    "": undefined,
  };
  for (const [start, type] of Object.entries(starts)) assert.equal(imageType(start), type);
});

test("pictures are read as they were written, by their bytes, whatever is said of them", () => {
  const said = { mediaType: "text/html", data: PNG, name: "a.png", more: 1 };
  const read = { mediaType: "image/png", data: PNG, name: "a.png" };
  assert.deepEqual(imagesOf(cell({ images: [said] })), [read]);
  assert.deepEqual(readPicture({ data: `${PNG.slice(0, 5)}\n ${PNG.slice(5)}`, name: 5 }), {
    mediaType: "image/png",
    data: PNG,
  });
});

test("what is not a picture is passed over", () => {
  const odd = [null, 1, "x", {}, { data: 5 }, { data: "" }, { data: "?" }, { data: "AAAA" }];
  const large = { data: `iVBORw0KGgo${"A".repeat(LARGEST_IMAGE)}` };
  assert.deepEqual(imagesOf(cell({ images: [...odd, large, { data: `${PNG}A` }] })), []);
  for (const images of odd) assert.deepEqual(imagesOf(cell({ images })), []);
  assert.deepEqual(imagesOf(cell({ images: [{ data: PNG }] }, { cellType: "code" })), []);
  assert.deepEqual(imagesOf(cell({})), []);
});

test("settings come from the cell and from its metadata, without what is of the wrong type", () => {
  const ai = { settings: { temperature: 0, systemPrompt: "Be brief." } };
  const sampling = {
    topP: 0.5,
    seed: 7,
    stop: ["a", "", 5],
    reasoningEffort: "low",
    webSearch: false,
    more: 1,
  };
  assert.deepEqual(settingsOf(cell({ sampling }, { ai })), {
    ...{ temperature: 0, systemPrompt: "Be brief." },
    ...{ topP: 0.5, seed: 7, stop: ["a"], reasoningEffort: "low", webSearch: false },
  });
  for (const odd of [
    null,
    1,
    "x",
    [],
    { topP: "1", seed: 1.5, stop: {}, reasoningEffort: 1, webSearch: "yes" },
  ]) {
    assert.deepEqual(settingsOf(cell({ sampling: odd })), {});
  }
  assert.deepEqual(settingsOf(cell({ sampling: { stop: "END" } })), { stop: ["END"] });
});
