// Why Python broke down, or could not be started, in words for people.

/** @import { BootStage } from "../../types.d.ts" */

/**
 * What the messages of engines and of Pyodide mean. Those of an engine for running out of its stack are from the
 * sources of V8, SpiderMonkey and JavaScriptCore; "Cannot enlarge memory" and "exit" are Emscripten's.
 * @type {[message: RegExp, meaning: string][]}
 */
const MEANINGS = [
  [/out of memory|enlarge memory|allocation failed|OOM/i, "Python ran out of memory"],
  [
    /call stack|stack overflow|too much recursion/i,
    "Python ran out of stack: calls nested too deeply",
  ],
  [/\bexit\b/i, "The code ended Python"],
];

/** Returns a sentence that says why Python broke down. @param {Error} error */
export function describeBreakdown({ message }) {
  const meaning = MEANINGS.find(([pattern]) => pattern.test(message))?.[1] ?? "Python crashed";
  const said = message.replace(/\.$/, "");
  return said ? `${meaning} (${said}).` : `${meaning}.`;
}

/** A start of Python that failed. */
export class RuntimeStartError extends Error {
  name = "RuntimeStartError";

  /**
   * @param {BootStage} stage
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(stage, message, options) {
    super(message, options);
    this.stage = stage;
  }
}

/**
 * @param {unknown} cause
 * @param {string} [before] what happened before the start
 */
export function startError(cause, before = "") {
  const said = cause instanceof Error ? cause.message : String(cause);
  const reason = /[.!?]$/.test(said) ? said : `${said}.`;
  const stage = /** @type {{ stage?: BootStage } | undefined} */ (cause)?.stage ?? "start";
  const message = `${before && `${before} `}Python could not be started: ${reason}`;
  return new RuntimeStartError(stage, message, { cause });
}
