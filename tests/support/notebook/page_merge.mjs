// For each line of input, [base, mine, theirs] as JSON, prints what the page makes of them, and how it
// writes down that mine was made from the base, as JSON.
import process from "node:process";
import { createInterface } from "node:readline";

import { writeBase } from "../../../js/notebook/merge/base.js";
import { mergeSource } from "../../../js/notebook/merge/merge.js";

for await (const line of createInterface({ input: process.stdin })) {
  const [base, mine, theirs] = JSON.parse(line);
  const made = { ...mergeSource(base, mine, theirs), base: writeBase(mine, base) };
  process.stdout.write(`${JSON.stringify(made)}\n`);
}
