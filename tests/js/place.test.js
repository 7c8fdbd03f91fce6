// What the package finds by its own address: its worker's script, and the folders beside it.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { startRuntime } from "../../js/index.js";
import { besidePackage, openWorker } from "../../js/place.js";

/** @type {any} */
const page = globalThis;

/** The script of the worker that a page opens, as the browser is told. @param {{ page?: string, script?: string }} places */
function opened({ page: address, script }) {
  /** @type {{ url: any, options: any }[]} */
  const made = [];
  page.Worker = class {
    /** @param {any} url @param {any} options */
    constructor(url, options) {
      made.push({ url, options });
    }
  };
  const Own = page.Worker;
  page.location = address && new URL(address);
  const written = page.URL;
  // A bundler writes another address, and perhaps another type, into the place of those.
  if (script) {
    page.URL = class extends written {
      /** @param {string} url @param {any} base */
      constructor(url, base) {
        super(url === "./worker.js" ? script : url, base);
      }
    };
  }
  try {
    assert.ok(openWorker("runt-pyodide") instanceof Own);
  } finally {
    page.URL = written;
  }
  assert.equal(page.Worker, Own);
  const [{ url, options }] = made;
  assert.deepEqual(options, { type: "module", name: "runt-pyodide" });
  return String(url);
}

afterEach(() => {
  delete page.Worker;
  delete page.location;
});

const HERE = { page: "https://your.page/notebooks/", script: "https://your.page/js/worker.js" };
const CDN = "https://cdn.example/assets/worker-1.js";

test("a worker of the page's own origin is opened by its address, also where there is no page", () => {
  assert.equal(opened(HERE), HERE.script);
  assert.equal(opened({}), new URL("../../js/worker.js", import.meta.url).href);
});

test("for a script of another origin the page has a module that imports it, one for each address", async () => {
  const stub = opened({ ...HERE, script: CDN });
  assert.match(stub, /^blob:/);
  assert.equal(await (await fetch(stub)).text(), `import "${CDN}";`);
  assert.equal(opened({ ...HERE, script: CDN }), stub);
  assert.notEqual(opened({ ...HERE, script: `${CDN}?2` }), stub);
});

test("a browser that starts no worker leaves the page its own class", () => {
  page.Worker = class {
    constructor() {
      throw new DOMException("no workers here", "SecurityError");
    }
  };
  const Own = page.Worker;
  assert.throws(() => openWorker("runt-pyodide"), { name: "SecurityError" });
  assert.equal(page.Worker, Own);
});

test("a bundle that has only the address of its source asks for the folders", async () => {
  assert.equal(besidePackage("../pyodide/"), new URL("../../pyodide/", import.meta.url).href);
  page.location = new URL("file:///home/me/page.html");
  assert.equal(besidePackage("../pyodide/"), new URL("../../pyodide/", import.meta.url).href);
  page.location = new URL(HERE.page);
  assert.equal(besidePackage("../pyodide/"), undefined);
  const store = { commit() {}, subscribe: () => () => {} };
  await assert.rejects(startRuntime({ store }), /the option indexURL is needed, since a bundler/);
  await assert.rejects(
    startRuntime({ store, indexURL: "https://x" }),
    /the option pyodideURL is needed/,
  );
});
