// The outputs of a cell.

/** @import { ComponentChildren } from "preact" */
/** @import { Output } from "../../../js/notebook/state/output.js" */
/** @import { Execution } from "../../../js/notebook/state/executions.js" */
/** @import { ExecutionMark } from "../../app/format.js" */

import { useErrorBoundary, useLayoutEffect, useRef } from "preact/hooks";

import { useNow } from "../parts/clock.js";
import { useFollowing } from "../outputs/following.js";
import { usePage } from "../../app/page.js";
import { callOf, recordOf } from "../../../js/notebook/ai-record.js";
import { callIdOf, pairResults } from "../../../js/notebook/ai-run.js";
import { Bundle } from "../outputs/bundle.jsx";
import { Markdown } from "../outputs/markdown.jsx";
import { RunFoot } from "../runs/run-foot.jsx";
import { Sources } from "../runs/sources.jsx";
import { Failure, Stream } from "../outputs/terminal.jsx";
import { ToolCall } from "../runs/tool-call.jsx";

/** @type {Partial<Record<string, string>>} */
const ENDINGS = {
  cancelled: "Stopped",
  length: "Truncated at the token limit",
  content_filter: "Withheld by the service’s content filter",
  error: "Interrupted",
};

/** @param {{ cellId: string, mark: ExecutionMark, execution: Execution | undefined }} props */
export function Outputs({ cellId, mark, execution }) {
  const error = execution?.error;
  const { signals } = usePage();
  const outputs = signals.outputsOf(cellId);
  const { others, results } = pairResults(outputs);
  const isOver = mark !== "queued" && mark !== "running";
  const openRun = isOver ? undefined : execution?.queueId;
  const element = useSteadyHeight(mark);
  useFollowing(element, !isOver);
  // What is cancelled before it begins leaves the outputs of an earlier run.
  const hasBegun = mark !== "cancelled" || execution?.startedAt !== undefined;
  // A session that ended an execution of an earlier session has written no output.
  const isUnexplained = mark === "error" && !outputs.some(({ kind }) => kind === "error");
  return (
    <div ref={element} class="outputs" data-testid="outputs">
      {others.map((output) => (
        <Guard key={output.id}>
          <OneOutput
            id={output.id}
            result={results.get(callIdOf(output) ?? "")}
            openRun={openRun}
          />
        </Guard>
      ))}
      {isUnexplained && error && <Failure error={{ evalue: error }} />}
      <Guard>
        <RunFoot {...{ cellId, outputs, mark: hasBegun ? mark : "idle" }} />
      </Guard>
    </div>
  );
}

/**
 * A cell that runs again keeps its height until it has ended, so that the page below stays put.
 * @param {ExecutionMark} mark
 */
function useSteadyHeight(mark) {
  const element = useRef(/** @type {HTMLDivElement | null} */ (null));
  const isOpen = mark === "queued" || mark === "running";
  useLayoutEffect(() => {
    const { style, offsetHeight } = /** @type {HTMLDivElement} */ (element.current);
    style.minHeight = isOpen && offsetHeight > 0 ? `${offsetHeight}px` : "";
  }, [isOpen]);
  return element;
}

/** Keeps an output that cannot be drawn from breaking the page. @param {{ children: ComponentChildren }} props */
function Guard({ children }) {
  const [error] = useErrorBoundary();
  return error ? <p class="empty">This output cannot be shown: {String(error)}</p> : children;
}

/** @param {{ id: string, result: Output | undefined, openRun: string | undefined }} props */
function OneOutput({ id, result, openRun }) {
  const output = usePage().signals.output(id);
  if (!output) return null;
  switch (output.kind) {
    case "markdown":
      return recordOf(output).thinking ? <Thinking output={output} /> : <Answer output={output} />;
    case "terminal":
      return <Stream text={output.text} name={output.streamName ?? "stdout"} />;
    case "error":
      return <Failure error={output.error} />;
    default:
      return callOf(output) ? (
        <ToolCall {...{ id, result, openRun }} />
      ) : (
        <Bundle bundle={output.bundle} />
      );
  }
}

/** @param {{ output: Output }} props */
function Answer({ output }) {
  return (
    <>
      <Notices output={output} />
      {output.text && (
        <div class="answer" data-testid="answer">
          <Markdown text={output.text} />
        </div>
      )}
      <Sources pages={recordOf(output).sources} />
      <Ending output={output} />
    </>
  );
}

/** @param {{ output: Output }} props */
function Thinking({ output }) {
  return (
    <>
      <Notices output={output} />
      <details class="thinking" data-testid="thinking">
        <summary>Thinking</summary>
        <Markdown text={output.text} />
      </details>
      <Ending output={output} />
    </>
  );
}

/**
 * What happened meanwhile, such as a retry, or a fallback to another model.
 * @param {{ output: Output }} props
 */
function Notices({ output }) {
  const { notices = [], finish_reason: ending } = recordOf(output);
  const last = notices.length - 1;
  return notices.map(({ kind, text, until }, place) => (
    <p key={place} class="notice" data-testid="notice" data-kind={kind}>
      {text}
      {until && place === last && !ending && <Countdown until={Date.parse(until)} />}
    </p>
  ));
}

/** Counts down to a time; shows nothing once it has passed. @param {{ until: number }} props */
function Countdown({ until }) {
  const seconds = Math.ceil((until - useNow(Date.now() < until)) / 1000);
  if (!(seconds > 0)) return null;
  return (
    <span class="countdown" data-testid="countdown" aria-hidden="true">
      {` ${seconds} s left`}
    </span>
  );
}

/** Says why an answer is incomplete, if it is. @param {{ output: Output }} props */
function Ending({ output }) {
  const ending = ENDINGS[recordOf(output).finish_reason ?? "stop"];
  return ending ? (
    <p class="mark" data-testid="mark">
      {ending}
    </p>
  ) : null;
}
