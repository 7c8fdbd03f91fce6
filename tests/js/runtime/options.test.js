import assert from "node:assert/strict";
import test from "node:test";

import { memoryFiles, memoryStore, startRuntime } from "../../../js/index.js";

const store = memoryStore();
for (const [options, message] of /** @type {[any, RegExp][]} */ ([
  [undefined, /takes an object of options/],
  [{}, /the option store must have/],
  [{ store: { commit() {} } }, /the option store must have commit\(\) and subscribe\(\)/],
  [{ store, vocabulary: "anode" }, /the option vocabulary is "default" or "runt", not "anode"/],
  [
    { store, pyodideUrl: "x" },
    /unknown option pyodideUrl; the options are store, files, pyodideURL/,
  ],
  [{ store, packages: "runt-pyodide" }, /the option packages must be: array of strings/],
  [{ store, modules: ["weather.py"] }, /the option modules must be: object of strings/],
  [{ store, modules: { weather: 1 } }, /the option modules must be: object of strings/],
  [{ store, config: [] }, /the option config must be: object/],
  [{ store, worker: 1 }, /the option worker must be: boolean/],
  [{ store, files: { list() {} } }, /the option files must have list\(\), write\(\) and subscribe/],
  [{ store, files: memoryFiles(), worker: false }, /the option files needs a worker/],
  [{ store, distributionURL: 1 }, /the option distributionURL must be: string or URL, or null/],
  [{ store, distributionURL: "http://[" }, /the option distributionURL is not an address: http/],
  [{ store, pyodideURL: "http://[" }, /the option pyodideURL is not an address: http:\/\/\[/],
])) {
  test(`refuses ${JSON.stringify(options)}: ${message.source}`, async () => {
    await assert.rejects(startRuntime(options), (error) => {
      assert.match(String(error), message);
      return true;
    });
  });
}
