// Completes the names of files in a prompt, behind an @.

/** @import { CompletionContext, CompletionResult } from "@codemirror/autocomplete" */

import { showHidden } from "../render/hidden.js";
import { completions } from "./completions.js";

/** @param {() => readonly string[]} files returns their paths @returns {import("@codemirror/state").Extension} */
export function mentions(files) {
  return completions({ override: [(context) => complete(context, files())] });
}

/** @param {CompletionContext} context @param {readonly string[]} paths @returns {CompletionResult | null} */
function complete(context, paths) {
  const word = context.matchBefore(/@[^\s@]*/);
  if (!word || paths.length === 0 || /\w/.test(context.state.sliceDoc(word.from - 1, word.from))) {
    return null; // an address has a letter before the sign
  }
  const options = paths.map((path) => ({
    label: mentionOf(path),
    displayLabel: showHidden(path),
  }));
  return { from: word.from, options, validFor: /^@[^\s@]*$/ };
}

/** What is written in a prompt for a file. @param {string} path */
export function mentionOf(path) {
  if (/^[\p{L}\p{N}_./-]*[\p{L}\p{N}_]$/u.test(path)) return `@${path}`;
  return path.includes('"') ? `@\`${path}\`` : `@"${path}"`;
}
