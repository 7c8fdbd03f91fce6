import assert from "node:assert/strict";
import test from "node:test";

import {
  formatDuration,
  formatExecution,
  markOf,
  formatPrice,
  formatRun,
  typeName,
} from "../../../web/app/format.js";

/** @import { Execution } from "../../../js/notebook/state/executions.js" */

const startedAt = "2026-01-01T00:00:00.000Z";
const now = Date.parse(startedAt) + 4900;

for (const [part, mark, words] of /** @type {[Partial<Execution>, string, string][]} */ ([
  [{ state: "pending" }, "queued", "queued"],
  [{ state: "assigned" }, "queued", "queued"],
  [{ state: "executing", startedAt }, "running", "running, 4 s"],
  [{ state: "executing", startedAt: new Date(now).toISOString() }, "running", "running"],
  [{ state: "completed", outcome: "success", durationMs: 1240 }, "completed", "done in 1.2 s"],
  [{ state: "failed", outcome: "error", durationMs: 80 }, "error", "failed after 80 ms"],
  [{ state: "failed", outcome: "error", durationMs: 0 }, "error", "failed"],
  [{ state: "failed", outcome: "cancelled", durationMs: 80 }, "cancelled", "stopped"],
  [{ state: "cancelled", startedAt }, "cancelled", "stopped"],
  [{ state: "cancelled" }, "cancelled", "not run"],
])) {
  test(`an execution that is ${part.state} (${part.outcome ?? "no outcome"}): ${words}`, () => {
    const execution = /** @type {Execution} */ ({ queueId: "q", cellId: "c", ...part });
    const found = markOf(execution, false);
    assert.equal(found, mark);
    assert.equal(formatExecution(found, execution, { pythonReady: true, now }), words);
  });
}

test("what never ran says nothing; what waits for Python says so", () => {
  const world = { pythonReady: false, now };
  assert.equal(formatExecution(markOf(undefined, false), undefined, world), "");
  const execution = /** @type {Execution} */ ({ queueId: "q", cellId: "c", state: "pending" });
  assert.equal(formatExecution("queued", execution, world), "waiting for Python");
});

test("what a session that is over was executing does not go on running", () => {
  const execution = /** @type {Execution} */ ({ queueId: "q", cellId: "c", state: "executing" });
  const mark = markOf(execution, true);
  assert.equal(mark, "error");
  assert.equal(formatExecution(mark, execution, { pythonReady: true, now }), "Python ended");
});

test("durations", () => {
  const words = [0, 999.6, 1000, 1240, 59_900, 61_000, 3_600_000].map(formatDuration);
  assert.deepEqual(words, ["0 ms", "1 s", "1 s", "1.2 s", "59.9 s", "1 min 1 s", "60 min 0 s"]);
});

test("who wrote an answer, and what it took", () => {
  const test_ = { ai_provider: "test", ai_model: "scripted" };
  assert.equal(formatRun(test_), "Test provider · scripted");
  assert.equal(formatRun(test_, { usage: { output_tokens: 3 } }), "Test provider · scripted");
  const account = {
    turns: 3,
    usage: { input_tokens: 1200, output_tokens: 3 },
    first_token_ms: 340,
    tokens_per_second: 80.4,
    price_usd: 0.00123,
  };
  assert.equal(
    formatRun({ ai_provider: "openai", ai_model: "m" }, account),
    "OpenAI · m · 3 turns · 1,200 tokens in, 3 out · first text after 340 ms · " +
      "80 tokens/s · 0.12 ¢",
  );
  assert.equal(
    formatRun({ ai_provider: "openai", ai_model: "m" }, { price_usd: 0.012, unpriced: ["x", "y"] }),
    "OpenAI · m · at least $0.01 (for turns of x and y the price is not known)",
  );
  const none = { ai_provider: "mock", ai_model: "none" };
  assert.equal(formatRun(none, { turns: 1, first_token_ms: 0 }), "no provider");
  assert.equal(formatRun({ ai_provider: "mine", ai_model: "m" }), "mine · m");
});

test("prices", () => {
  assert.deepEqual([0.0000123, 0.00567, 0.01, 1.5].map(formatPrice), [
    "0.0012 ¢",
    "0.57 ¢",
    "$0.01",
    "$1.50",
  ]);
});

test("code cells are called by the notebook's language", () => {
  assert.deepEqual(
    ["code", "ai"].map((type) => typeName(type, undefined)),
    ["Python", "AI"],
  );
  assert.deepEqual(
    ["code", "ai"].map((type) => typeName(type, "julia")),
    ["Julia", "AI"],
  );
  assert.equal(typeName("code", "x".repeat(99)).length, 40);
});
