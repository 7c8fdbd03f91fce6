import { memoryStore, startRuntime } from "runt-pyodide";
import { openNotebook } from "runt-pyodide/notebook";

/* global PYTHON -- the address that pyodide/ and pypi/ are at, which the bundler puts in here */

const store = memoryStore();
const nb = openNotebook(store);
const code = nb.addCell("code", "print(6 * 7)");
const ai = nb.addCell("ai", "What did it print?");

function show() {
  for (const [id, cell] of Object.entries({ code, ai })) {
    const { text, error } = nb.lastRun(cell) ?? {};
    document.getElementById(id).textContent = error?.message ?? text ?? "";
  }
}

nb.subscribe(show);
document.querySelector("button").onclick = () => nb.requestRuns(code, ai);

await startRuntime({
  store,
  pyodideURL: `${PYTHON}/pyodide/`,
  indexURL: `${PYTHON}/pypi/simple`,
  config: { providers: { test: { responses: { "What did it print?": "It printed **42**." } } } },
});
