import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

import {
  addressOf,
  forgetNotebook,
  listNotebooks,
  newNotebookId,
  rememberNotebook,
} from "../../../web/storage/notebooks.js";
import { storage } from "../support/browser-storage.js";

beforeEach(() => Object.assign(globalThis, { localStorage: storage() }));

const ids = () => listNotebooks().map(({ id }) => id);

test("the notebook that was opened last stands first, and each stands once", () => {
  for (const id of ["a", "b", "a"]) rememberNotebook(id, `The title of ${id}`);
  assert.deepEqual(ids(), ["a", "b"]);
  const [{ title, openedAt }] = listNotebooks();
  assert.equal(title, "The title of a");
  assert.ok(!Number.isNaN(Date.parse(openedAt)));
  forgetNotebook("a");
  assert.deepEqual(ids(), ["b"]);
});

test("what cannot be read is an empty list", () => {
  for (const text of ["{", "3", "null"]) {
    localStorage.setItem("runt-pyodide.notebooks", text);
    assert.deepEqual(listNotebooks(), []);
  }
});

test("a browser that forbids storage keeps nothing, and nothing fails", () => {
  const forbid = () => {
    throw new DOMException("no", "SecurityError");
  };
  Object.assign(globalThis, { localStorage: { getItem: forbid, setItem: forbid } });
  rememberNotebook("a", "A");
  assert.deepEqual(listNotebooks(), []);
});

test("a new notebook has an id of its own, which stands in its address", () => {
  const made = Array.from({ length: 100 }, newNotebookId);
  assert.equal(new Set(made).size, 100);
  assert.match(addressOf(made[0]), /^\?notebook=[0-9a-f]{12}$/);
});
