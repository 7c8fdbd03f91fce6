// For each line of input, [base, mine, theirs] as JSON, prints what the page makes of them, as JSON.
import process from "node:process";
import { createInterface } from "node:readline";

import { mergeSource } from "../../../js/notebook/merge/merge.js";

for await (const line of createInterface({ input: process.stdin })) {
  const [base, mine, theirs] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(mergeSource(base, mine, theirs))}\n`);
}
