import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

import {
  addressOf,
  forgetNotebook,
  isOfList,
  listNotebooks,
  LONGEST_TITLE,
  markDeleted,
  newNotebookId,
  notebookOf,
  rememberNotebook,
  retitleNotebook,
} from "../../../web/storage/notebooks.js";
import { storage } from "../support/browser-storage.js";

beforeEach(() => Object.assign(globalThis, { localStorage: storage() }));

const ids = () => listNotebooks().map(({ id }) => id);

/** @param {test.TestContext} t @param {...string} opened one after the other */
function open(t, ...opened) {
  t.mock.timers.enable({ apis: ["Date"] });
  for (const id of opened) {
    t.mock.timers.tick(1000);
    rememberNotebook(id, `The title of ${id}`);
  }
}

test("the notebook that was opened last stands first, and each stands once", (t) => {
  open(t, "a", "b", "a");
  assert.deepEqual(ids(), ["a", "b"]);
  const [{ title, openedAt }] = listNotebooks();
  assert.equal(title, "The title of a");
  assert.ok(!Number.isNaN(Date.parse(openedAt)));
  forgetNotebook("a");
  assert.deepEqual(ids(), ["b"]);
});

test("another title leaves a notebook in its place, and lists none that is gone", (t) => {
  open(t, "a", "b");
  retitleNotebook("a", "Another");
  retitleNotebook("gone", "Another");
  assert.deepEqual(
    listNotebooks().map(({ id, title }) => [id, title]),
    [
      ["b", "The title of b"],
      ["a", "Another"],
    ],
  );
});

test("no title takes all of the room", (t) => {
  open(t, "a");
  retitleNotebook("a", "x".repeat(10_000));
  assert.equal(notebookOf("a")?.title.length, LONGEST_TITLE);
});

test("a mark for a delete stays when a tab remembers the notebook, until it is taken back", (t) => {
  open(t, "a");
  const at = new Date().toISOString();
  markDeleted("a", at);
  rememberNotebook("a", "Still open elsewhere");
  assert.equal(notebookOf("a")?.deletedAt, at);
  markDeleted("a");
  assert.equal(notebookOf("a")?.deletedAt, undefined);
  markDeleted("a", at);
  forgetNotebook("a");
  rememberNotebook("a", "Put back");
  assert.equal(notebookOf("a")?.deletedAt, undefined);
});

test("the list of an earlier version is taken over once, and what cannot be read of it is left out", (t) => {
  open(t, "b");
  const earlier = [
    { id: "a", title: "A", openedAt: "2026-01-02T03:04:05.000Z" },
    { id: "b", title: "An older title", openedAt: "2026-01-01T00:00:00.000Z" },
    { id: 3 },
    null,
  ];
  localStorage.setItem("runt-pyodide.notebooks", JSON.stringify(earlier));
  assert.deepEqual(ids(), ["a", "b"]);
  assert.equal(notebookOf("b")?.title, "The title of b");
  forgetNotebook("a");
  assert.deepEqual(ids(), ["b"]);
});

test("what cannot be read is left out", (t) => {
  open(t, "a");
  for (const text of ["{", "3", "null", '{"title": 3}']) {
    localStorage.setItem("runt-pyodide.notebooks", text);
    localStorage.setItem("runt-pyodide.notebook/b", text);
    assert.deepEqual(ids(), ["a"]);
  }
});

test("a tab knows which changes of the storage are those of the list", (t) => {
  open(t, "a");
  markDeleted("a", "now");
  const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i));
  assert.ok(keys.length === 2 && keys.every(isOfList));
  assert.ok(isOfList(null));
  assert.ok(!isOfList("runt-pyodide.ai"));
});

test("a browser that forbids storage keeps nothing, and nothing fails", () => {
  const forbid = () => {
    throw new DOMException("no", "SecurityError");
  };
  Object.assign(globalThis, {
    localStorage: { getItem: forbid, setItem: forbid, removeItem: forbid, key: forbid, length: 1 },
  });
  rememberNotebook("a", "A");
  markDeleted("a", "now");
  forgetNotebook("a");
  assert.equal(notebookOf("a"), undefined);
  assert.deepEqual(listNotebooks(), []);
});

test("a new notebook has an id of its own, which stands in its address", () => {
  const made = Array.from({ length: 100 }, newNotebookId);
  assert.equal(new Set(made).size, 100);
  assert.match(addressOf(made[0]), /^\?notebook=[0-9a-f]{12}$/);
});
