// What is said where a notebook is not kept names the way on that the page offers.

import assert from "node:assert/strict";
import test from "node:test";

import { EarlierUnread, Lost, remedyOf, whyNotKept } from "../../../web/storage/failures.js";

const named = (/** @type {string} */ name) => new DOMException("no", name);

/** @type {[unknown, string, RegExp][]} */
const cases = [
  [new Lost("deleted"), "back", /put it back/],
  [new Lost("cleared"), "anew", /store it again/],
  [new Lost("newer"), "reload", /Reload the page .* export the raw log/],
  [named("VersionError"), "reload", /Reload the page .* export the raw log/],
  [named("QuotaExceededError"), "room", /full.* Make room.* try again/],
  [named("AbortError"), "room", /Make room.* try again/],
  [new EarlierUnread("its file is damaged"), "again", /\(its file is damaged\).* Try again/],
  [named("UnknownError"), "again", /\(no\).* Try again/],
  [new Error(""), "again", /does not say why.* Try again.* export the notebook/],
];

for (const [error, remedy, said] of cases) {
  test(`${error}: ${remedy}`, () => {
    assert.equal(remedyOf(error), remedy);
    assert.match(whyNotKept(error, true), said);
  });
}

test("a notebook that was not read is not said to be unstored, but unread", () => {
  const said = whyNotKept(named("UnknownError"), false);
  assert.match(
    said,
    /could not be opened \(no\).*was not changed.* Try again, or export the raw log/,
  );
});
