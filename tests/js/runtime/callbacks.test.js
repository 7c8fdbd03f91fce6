import assert from "node:assert/strict";
import test from "node:test";

import { start, until } from "../support/runtime-stage.js";

const ASKED = { id: "q1", cellId: "c", prompt: "Name? ", isSecret: false };

/** Asks through the stand-in, and returns what Python was answered. @param {any} onQuestion */
async function ask(onQuestion) {
  /** @type {any[]} */
  const errors = [];
  const onError = (/** @type {any} */ { message }) => void errors.push(message);
  const { store, runtime } = await start({ onQuestion, onError });
  store.commit({ name: "test.ask", args: ASKED });
  const find = () => store.events().find((/** @type {any} */ { name }) => name === "test.answered");
  await until(find, "an answer");
  await runtime.stop();
  return { args: find().args, errors };
}

for (const [what, onQuestion, text] of /** @type {[string, any, string | null][]} */ ([
  ["a text", () => "Ada", "Ada"],
  ["the promise of a text", async () => "Ada", "Ada"],
  ["null", () => null, null],
  ["nothing", () => {}, null],
  ["a number", () => 7, "7"],
])) {
  test(`what onQuestion returns is the answer: ${what}`, async () => {
    const { args, errors } = await ask(onQuestion);
    assert.deepEqual([args.id, args.text], ["q1", text]);
    assert.deepEqual(errors, []);
  });
}

test("an onQuestion that throws ends the input and is reported", async (t) => {
  t.mock.method(console, "warn", () => {});
  const { args, errors } = await ask(() => {
    throw new Error("mine");
  });
  assert.equal(args.text, null);
  assert.deepEqual(errors, ["onQuestion threw, so the input was ended: mine"]);
});

test("a question is told what it is about, and when it is over", async () => {
  /** @type {any[]} */
  const asked = [];
  const onQuestion = (/** @type {any} */ question) => {
    asked.push(question);
    return new Promise((resolve) =>
      question.signal.addEventListener("abort", () => resolve("late")),
    );
  };
  const { store, runtime } = await start({ onQuestion });
  store.commit(
    { name: "test.ask", args: ASKED },
    { name: "test.ask", args: { ...ASKED, id: "q2" } },
  );
  await until(() => asked.length === 2, "the questions");
  const { signal, ...about } = asked[0];
  assert.deepEqual(about, ASKED);
  store.commit({ name: "test.withdraw", args: { id: "q1" } });
  await until(() => signal.aborted, "the end of the first");
  assert.equal(asked[1].signal.aborted, false);
  await runtime.restart();
  assert.equal(asked[1].signal.aborted, true);
  const [{ options }] = /** @type {any} */ (await runtime.models());
  await runtime.stop();
  assert.equal(options.answers, true);
  const names = store.events().map((/** @type {any} */ { name }) => name);
  assert.ok(!names.includes("test.answered"), "an answer came late");
});

test("without onQuestion Python knows that nobody can be asked", async () => {
  const { runtime } = await start();
  const [{ options }] = /** @type {any} */ (await runtime.models());
  await runtime.stop();
  assert.equal(options.answers, false);
});

test("a callback of the page that throws stops nothing", async (t) => {
  const reported = t.mock.method(console, "error", () => {});
  const onProgress = () => {
    throw new Error("mine");
  };
  const { runtime } = await start({ onProgress });
  assert.equal(runtime.status, "ready");
  assert.ok(reported.mock.callCount() >= 4);
  await runtime.stop();
});
