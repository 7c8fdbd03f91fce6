// The events that only a person may write, through a page. Whatever else speaks for them, such as Python code that
// found the way to the page, is not believed: see refuse.js of the runtime.

/** @import { LogEvent } from "../../types.d.ts" */

const NAMES = [
  "v1.ToolApprovalResponded", // what a model may do
  "v1.ToolPolicySet",
  "v1.NotebookMetadataSet", // what models are told in every run, and what a run may take
  "v1.NotebookJsonSet", // what came with a file, and whether it is used
];

/** @param {LogEvent} event */
export function isForPeople({ name }) {
  return NAMES.includes(name);
}
