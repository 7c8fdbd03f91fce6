// runt-pyodide: AI and Python cells for notebooks that run in the browser. See types.d.ts.

/** @import { startRuntime as StartRuntime } from "./types.d.ts" */

import { checkOptions } from "./options.js";
import { PageRuntime } from "./runtime.js";

export { memoryStore } from "./memory-store.js";
export { indexBetween } from "./ordering.js";
export { RuntimeStartError } from "./runtime.js";

/** @type {typeof StartRuntime} */
export async function startRuntime(options) {
  checkOptions(options);
  return PageRuntime.start(options);
}
