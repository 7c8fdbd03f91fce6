// A notebook on LiveStore. This is the source: LiveStore wants a bundler, which leaves "runt-pyodide"
// as it is, since that finds its worker and its wheel by its own address.

import { makeInMemoryAdapter } from "@livestore/adapter-web";
import { createStorePromise } from "@livestore/livestore";
import { startRuntime } from "runt-pyodide";
import { liveStore } from "runt-pyodide/livestore";
import { schema } from "runt-pyodide/livestore-schema";

const [button, answer] = [document.querySelector("button"), document.querySelector("#answer")];

// makePersistedAdapter keeps it in the browser, and a sync backend shares it: see LiveStore's documentation.
const adapter = makeInMemoryAdapter();
const options = { schema, adapter, storeId: "notebook", disableDevtools: true };
const notebook = await createStorePromise(options);
const store = liveStore(notebook);

store.subscribe((events) => {
  for (const { name, args } of events) {
    if (name === "v1.MarkdownOutputAdded") answer.textContent += args.content.data;
    if (name === "v1.OutputDelta") answer.textContent += args.delta.text ?? "";
  }
});

button.onclick = () => {
  const [queueId, cellId, requestedBy] = ["run-1", "cell-1", "me"];
  const cell = { id: cellId, cellType: "ai", fractionalIndex: "i", createdBy: "me" };
  const source = { id: cellId, source: "Why is the sky blue?", modifiedBy: "me" };
  const request = { queueId, cellId, executionCount: 1, requestedBy };
  store.commit(
    { name: "v2.CellCreated", args: cell },
    { name: "v1.CellSourceChanged", args: source },
    { name: "v1.ExecutionRequested", args: request },
  );
  button.disabled = true;
};

const responses = { "Why is the sky blue?": "Air **scatters** blue light the most." };
await startRuntime({ store, config: { providers: { test: { responses } } } });
button.disabled = false;
