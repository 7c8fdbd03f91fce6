import assert from "node:assert/strict";
import { test } from "node:test";

import { FileContent } from "../../../../js/runtime/files/content.js";
import { HeldBlob, readHeld, reading, useHeldBlobs } from "../../support/held-blob.js";
import { random } from "../../support/random.js";

useHeldBlobs();

/** @param {FileContent} content */
function allOf(content) {
  const bytes = new Uint8Array(content.size);
  assert.equal(content.read(bytes, 0), content.size);
  return bytes;
}

/** @param {number} size */
const blobOf = (size) =>
  /** @type {any} */ (new HeldBlob([Uint8Array.from({ length: size }, (_, i) => i % 251)]));

test("reads, writes, sizes and Blobs in any order leave what an array would hold", () => {
  const next = random(20);
  for (let round = 0; round < 200; round += 1) {
    const blob = blobOf(next(40));
    const content = new FileContent(readHeld, blob);
    let expected = [.../** @type {any} */ (blob).bytes];
    for (let step = 0; step < 12; step += 1) {
      const place = next(60);
      const kind = next(4);
      if (kind === 0) {
        const bytes = Uint8Array.from({ length: 1 + next(20) }, () => next(256));
        content.write(bytes, place);
        while (expected.length < place) expected.push(0);
        expected.splice(place, bytes.length, ...bytes);
      } else if (kind === 1) {
        content.resize(place);
        expected = Array.from({ length: place }, (_, i) => expected[i] ?? 0);
      } else if (kind === 2) {
        const got = /** @type {any} */ (content.toBlob()).bytes;
        assert.deepEqual([...got], expected);
      } else {
        const target = new Uint8Array(next(30));
        const count = content.read(target, place);
        assert.deepEqual(
          [...target.subarray(0, count)],
          expected.slice(place, place + target.length),
        );
      }
    }
    assert.deepEqual([...allOf(content)], expected);
  }
});

test("no more is read of a large file than a window around what is asked for, and adding to it reads nothing", () => {
  const content = new FileContent(readHeld, blobOf(20 << 20));
  reading.bytes = 0;
  const target = new Uint8Array(100);
  for (const place of [0, 50, 900_000]) content.read(target, place);
  assert.equal(reading.bytes, 1 << 20);
  reading.bytes = 0;
  content.write(target, content.size);
  assert.equal(content.toBlob().size, (20 << 20) + 100);
  assert.equal(reading.bytes, 0);
});
