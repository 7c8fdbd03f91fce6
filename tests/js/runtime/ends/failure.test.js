import assert from "node:assert/strict";
import test from "node:test";

import { describeBreakdown, startError } from "../../../../js/runtime/ends/failure.js";

for (const [message, told] of [
  ["Out of memory", "Python ran out of memory (Out of memory)."],
  ["abort(Cannot enlarge memory arrays)", /^Python ran out of memory \(abort/],
  ["Maximum call stack size exceeded", /^Python ran out of stack: calls nested too deeply \(/],
  ["Program terminated with exit(3)", /^The code ended Python \(Program/],
  ["memory access out of bounds.", "Python crashed (memory access out of bounds)."],
  ["", "Python crashed."],
]) {
  test(`a breakdown in words: ${message}`, () => {
    const said = describeBreakdown(new Error(String(message)));
    if (typeof told === "string") assert.equal(said, told);
    else assert.match(said, told);
  });
}

test("a start that failed tells its stage, and what was before", () => {
  const cause = Object.assign(new Error("no wheel"), { stage: "packages" });
  const error = startError(cause, "Python crashed.");
  assert.equal(error.stage, "packages");
  assert.equal(error.message, "Python crashed. Python could not be started: no wheel.");
  assert.equal(error.cause, cause);
  assert.deepEqual([startError("odd").stage, startError(null).stage], ["start", "start"]);
});
