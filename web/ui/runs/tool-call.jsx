// Shows a tool call: what it does, its arguments, its state and its result.

/** @import { Output } from "../../../js/notebook/state/output.js" */
/** @import { CallState } from "../../../js/types-ai-record.d.ts" */
/** @import { ApprovalRequest } from "../../../js/types-approvals.d.ts" */
/** @import { JsonObject } from "../../../js/types.d.ts" */

import { useState } from "preact/hooks";

import { highlightPython } from "../../render/highlight.js";
import { showHidden } from "../../render/hidden.js";
import { indented } from "../../render/measure/json.js";
import { sanitise } from "../../render/markdown.js";
import { usePage } from "../../app/page.js";
import {
  RESULT,
  callOf,
  recordOf,
  resultOf,
  textOfResult,
} from "../../../js/notebook/ai-record.js";
import { argument, formatCall, formatState } from "./tool-format.js";
import { piecesOf, replacePieces } from "./pieces.js";
import { Approval } from "./approval.jsx";
import { Bundle } from "../outputs/bundle.jsx";
import { Head } from "../outputs/long-text.jsx";
import { Diff } from "./diff.jsx";
import { Stream } from "../outputs/terminal.jsx";

/** @type {readonly (CallState | undefined)[]} */
const OPEN = ["pending", "waiting", "running"];

/**
 * @param {object} props
 * @param {string} props.id of the call's output
 * @param {Output | undefined} props.result
 * @param {string} [props.openRun] the run of the cell that has not ended
 */
export function ToolCall({ id, result, openRun }) {
  const { signals } = usePage();
  const output = signals.output(id);
  const [isUnfolded, setUnfolded] = useState(false);
  const call = output && callOf(output);
  if (!call) return null;
  const { tool_call_id: callId, tool_name: name, arguments: args } = call;
  const { run_id: runId = openRun, state: said, duration_ms: ms, seen = {} } = recordOf(output);
  // A call may have ended without an event, as when the tab was closed, and another run may go on from there.
  const isOver = openRun === undefined || runId !== openRun;
  const state = isOver && OPEN.includes(said) ? "cancelled" : said;
  const waits = state === "waiting";
  // What is asked for is what the request says, whatever else the output may show.
  const request = waits ? signals.approval(callId)?.request : undefined;
  const shown = request ? { name: request.toolName, args: request.arguments } : { name, args };
  const words = formatCall(shown.name, shown.args, signals.order);
  return (
    <div class="call" data-testid="tool-call" data-tool={name} data-state={state}>
      <button
        type="button"
        class="call-head"
        aria-expanded={isUnfolded || waits}
        disabled={waits}
        onClick={() => setUnfolded(!isUnfolded)}
      >
        <span class="call-name">{words}</span>
        <span class="call-state" role="status">
          {formatState(state, ms)}
        </span>
      </button>
      {(isUnfolded || waits) && (
        <div class="call-body">
          <Arguments {...shown} result={result} seen={seen} />
          {result && <Result output={result} />}
        </div>
      )}
      {request && <Waiting {...{ request, words, seen }} />}
    </div>
  );
}

/**
 * The call waits for a person; `seen` are the sources that the model made it for, by the ids of their cells.
 * @param {{ request: ApprovalRequest, words: string, seen: JsonObject }} props
 */
function Waiting({ seen, ...call }) {
  const { signals } = usePage();
  const cells = Object.entries(seen).map(([id, source]) => ({ cell: signals.cell(id), source }));
  const isDeleted = cells.some(({ cell }) => !cell);
  const isChanged = cells.some(({ cell, source }) => cell?.source !== source);
  return (
    <Approval {...call} outdated={isDeleted ? "deleted" : isChanged ? "changed" : undefined} />
  );
}

/**
 * Shows the source of a cell that is written, changed, run or deleted; other arguments as they were given.
 * @param {{ name: string, args: any, result: Output | undefined, seen: JsonObject }} props
 */
function Arguments({ name, args, result, seen }) {
  const { signals } = usePage();
  const source = argument(args, "source");
  const change = result && recordOf(result).change;
  const cellId = argument(args, "cellId") ?? "";
  const cell = signals.cell(cellId);
  // A call that waits was made for what the model saw, whatever the cell holds now.
  const known = typeof seen[cellId] === "string" ? seen[cellId] : cell?.source;
  const before = change?.before?.source ?? (change ? "" : known) ?? "";
  const after = name === "modify_cell" ? source : name === "edit_cell" && edited(args, before);
  if (typeof after === "string") return <Diff before={before} after={after} />;
  if (name === "create_cell" && source !== undefined) {
    return <Code text={source} isPython={(argument(args, "cellType") ?? "code") === "code"} />;
  }
  if (name === "delete_cell" || name === "execute_cell") {
    return (
      <Code text={before} isPython={(change?.before?.cell_type ?? cell?.cellType) === "code"} />
    );
  }
  return <Code text={typeof args === "string" ? args : indented(args)} />;
}

/** The text that pieces make of another, where they fit it. @param {any} args @param {string} before */
function edited(args, before) {
  const pieces = piecesOf(args);
  return pieces && replacePieces(before, pieces);
}

/** Longer code is shown without colours. */
const LONGEST_COLOURED = 20_000;

/** @param {{ text: string, isPython?: boolean }} props */
function Code({ text, isPython = false }) {
  const visible = showHidden(text);
  const shown =
    isPython && visible.length <= LONGEST_COLOURED
      ? { dangerouslySetInnerHTML: { __html: sanitise(highlightPython(visible)) } }
      : { children: <Head text={visible} /> };
  return (
    <pre
      class="call-code"
      data-testid="call-arguments"
      tabIndex={0}
      aria-label="Arguments"
      {...shown}
    />
  );
}

/** The types that every result has; anything else that a tool shows is for the reader. */
const TOLD = [RESULT, "text/markdown", "text/plain"];

/** Shows what the tool shows, such as a picture, or else what the model was told. @param {{ output: Output }} props */
function Result({ output }) {
  const { bundle } = output;
  const shown = Object.entries(bundle).filter(([type]) => !TOLD.includes(type));
  if (shown.length > 0) return <Bundle bundle={Object.fromEntries(shown)} />;
  const name = recordOf(output).tool_error ? "stderr" : "stdout";
  return (
    <div class="call-result" data-testid="call-result">
      <Stream text={pretty(textOfResult(resultOf(output)) ?? "")} name={name} />
    </div>
  );
}

/** Indents JSON; other text stays as it is. @param {string} text */
function pretty(text) {
  try {
    return indented(JSON.parse(text));
  } catch {
    return text;
  }
}
