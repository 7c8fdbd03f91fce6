// For each line of standard input, a file in base64: what comes of it when it is imported into a notebook, as JSON.
import process from "node:process";
import { createInterface } from "node:readline";

import { decodeFile } from "../../../js/notebook/ipynb/file.js";
import { openNotebook } from "../../../js/notebook/open-notebook.js";
import { memoryStore } from "../../../js/stores/memory.js";

/** A notebook over the events, and what it warned of. @param {any[]} events */
async function open(events) {
  const store = memoryStore();
  /** @type {string[]} */
  const warnings = [];
  const nb = openNotebook(store, {
    author: "me",
    onWarning: (said) => warnings.push(String(said)),
  });
  if (events.length > 0) store.commit(...events);
  await nb.ready;
  return { store, nb, warnings };
}

/** @param {any} nb */
const describe = (nb) => JSON.stringify([nb.title, nb.cells, nb.cells.map((cell) => cell.outputs)]);

/** @param {Uint8Array} bytes */
async function read(bytes) {
  const { store, nb, warnings } = await open([]);
  const begun = process.cpuUsage();
  let refused = "";
  try {
    nb.importIpynb(decodeFile(bytes));
  } catch (error) {
    refused = `${error.name}: ${error.message}`;
  }
  const events = store.events();
  const again = await open(events);
  const { user, system } = process.cpuUsage(begun);
  const back = await open([]);
  back.nb.importIpynb(nb.toIpynbText());
  return {
    refused,
    ms: (user + system) / 1000, // of the processor, however busy the machine is
    warnings: [...warnings, ...again.warnings],
    events,
    isSame: describe(nb) === describe(again.nb),
    isBack: nb.cells.length === back.nb.cells.length,
    isPolluted: "isEmpty" in {} || "isEmpty" in [] || globalThis.owned !== undefined,
    policies: nb.policies,
    prompt: nb.metadata.get("user_saved_prompt") ?? "",
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await read(Buffer.from(line, "base64")).catch((error) => ({
    failed: error.stack,
  }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
