// runt-pyodide: AI and Python cells for notebooks that run in the browser. See types.d.ts.

/** @import { startRuntime as StartRuntime } from "./types.d.ts" */

import { checkOptions } from "./runtime/options.js";
import { PageRuntime } from "./runtime/runtime.js";

export { checkFileChanges, faultOfPath } from "./notebook/files/file-changes.js";
export { memoryFiles } from "./stores/memory-files.js";
export { memoryStore } from "./stores/memory.js";
export { indexBetween } from "./notebook/ordering.js";
export { RuntimeStartError } from "./runtime/ends/failure.js";
export { finishSignIn } from "./runtime/sign-in/callback.js";
export { signIn, SignInError } from "./runtime/sign-in/sign-in.js";

/** @type {typeof StartRuntime} */
export async function startRuntime(options) {
  checkOptions(options);
  return PageRuntime.start(options);
}
