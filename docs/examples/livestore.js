// A notebook on LiveStore, which needs a bundler. On the site "runt-pyodide" is not in the bundle: it finds Python's
// files by its own address.

import { makeInMemoryAdapter } from "@livestore/adapter-web";
import { createStorePromise } from "@livestore/livestore";
import { startRuntime } from "runt-pyodide";
import { liveStore } from "runt-pyodide/livestore";
import { schema } from "runt-pyodide/livestore-schema";
import { openNotebook } from "runt-pyodide/notebook";

const [button, answer] = [document.querySelector("button"), document.querySelector("#answer")];

// makePersistedAdapter keeps it in the browser: see LiveStore's documentation.
const adapter = makeInMemoryAdapter();
const options = { schema, adapter, storeId: "notebook", disableDevtools: true };
const store = liveStore(await createStorePromise(options));
const nb = openNotebook(store);

const show = ({ text, error }) => (answer.textContent = text + (error?.message ?? ""));
button.onclick = () => nb.run(nb.addCell("ai", "Why is the sky blue?"), { onChange: show });

const responses = { "Why is the sky blue?": "Air **scatters** blue light the most." };
await startRuntime({ store, config: { providers: { test: { responses } } } });
button.disabled = false;
