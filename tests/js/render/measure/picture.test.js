import assert from "node:assert/strict";
import test from "node:test";

import { isTooBig, sizeOf } from "../../../../web/render/measure/picture.js";

/** @param {...(string | number[])} parts */
const encode = (...parts) =>
  Buffer.concat(parts.map((part) => Buffer.from(/** @type {any} */ (part), "latin1"))).toString(
    "base64",
  );

const PNG = encode("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", [0, 1, 0x86, 0xa0, 0, 0, 0, 2]);
const JPEG = [
  [0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9],
  [0xff, 0xc4, 0, 2],
  [0xff, 0xc2, 0, 11, 8, 0, 2, 1, 0],
];

for (const [kind, base64, width, height] of /** @type {[string, string, number, number][]} */ ([
  ["PNG", PNG, 100_000, 2],
  ["GIF", encode("GIF89a", [0, 1, 2, 0]), 256, 2],
  ["JPEG", encode(...JPEG), 256, 2],
  [
    "WebP",
    encode("RIFF\0\0\0\0WEBPVP8 ", [0, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 0, 1, 2, 0]),
    256,
    2,
  ],
  [
    "lossless WebP",
    encode("RIFF\0\0\0\0WEBPVP8L", [0, 0, 0, 0, 0x2f, 0xff, 0x40, 0, 0, 0]),
    256,
    2,
  ],
  [
    "extended WebP",
    encode("RIFF\0\0\0\0WEBPVP8X", [0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 1, 0, 0]),
    256,
    2,
  ],
  ["AVIF", encode("\0\0\0\x18ftypavif\0\0\0\0\0\0\0\x14ispe\0\0\0\0\0\0\x01\0\0\0\0\x02"), 256, 2],
])) {
  test(`the size of a picture is in its first bytes: ${kind}`, () =>
    assert.deepEqual(sizeOf(base64), { width, height }));
}

test("what is none, or ends early, has no size", () => {
  for (const base64 of [
    "",
    "====",
    "%%%",
    "AAAA",
    PNG.slice(0, 20),
    encode("\xff\xd8\xff\xe0\0\0"),
    encode("GIF8"),
  ])
    assert.equal(sizeOf(base64), undefined);
});

test("a picture is too big by its pixels", () => {
  assert.ok(isTooBig({ width: 100_000, height: 100_000 }));
  assert.ok(!isTooBig({ width: 100_000, height: 2 }));
  assert.ok(!isTooBig(undefined));
});
