// node page.mjs: reads a notebook's file for each line that comes, {"text": ...}, as the page does, and answers
// with a line: the events and the state that it comes to, and the file that this becomes; or what is wrong with it.
import { createInterface } from "node:readline";
import process from "node:process";

import { indicesFor } from "../../../js/notebook/cell-order.js";
import { stringifyExact } from "../../../js/notebook/ipynb/exact-json.js";
import { readIpynb } from "../../../js/notebook/ipynb/read.js";
import { writeIpynb } from "../../../js/notebook/ipynb/write.js";
import { Notebook } from "../../../js/notebook/state/notebook.js";
import { stateJson } from "../../../js/notebook/state/snapshot.js";

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answerTo(JSON.parse(line)))}\n`);
}

/** @param {{ text: string, name?: string }} asked */
function answerTo({ text, name }) {
  let made = 0;
  const place = { isFree: () => true, indices: indicesFor, isEmpty: true, author: "t", name };
  let read;
  try {
    read = readIpynb(text, { ...place, makeId: () => `made-${made++}` });
  } catch (error) {
    const { message, stack } = /** @type {Error} */ (error);
    const isForPeople = /** @type {Error} */ (error).constructor === Error;
    return { fault: message, isForPeople, stack };
  }
  /** @type {string[]} */
  const problems = [];
  const notebook = new Notebook((problem) => void problems.push(problem));
  notebook.apply(read.events.map(([name, args]) => ({ name, args })));
  const file = stringifyExact(writeIpynb(notebook));
  return { events: read.events, state: stateJson(notebook), problems, file };
}
