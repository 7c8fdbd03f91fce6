// For each line of input, a text as JSON, prints what the page's terminal shows of it, as JSON.
import process from "node:process";
import { createInterface } from "node:readline";

import { plain } from "../../../web/render/terminal.js";

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(plain(JSON.parse(line)))}\n`);
