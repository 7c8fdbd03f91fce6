// What models may do in this notebook: the one list of all policies, in which each can be seen, set and taken back.

/** @import { SetPolicy, ToolPolicy } from "../../../js/types-approvals.d.ts" */

import { usePage } from "../../app/page.js";
import { policiesOfNotebook, policiesOfPlaces } from "../../app/policies.js";
import { CloseButton, Dialog } from "../parts/dialog.jsx";
import { formatCell } from "./tool-format.js";

/** @type {Record<ToolPolicy, string>} */
const WORDS = { ask: "after asking you", auto: "without asking", never: "never" };

export function PoliciesDialog() {
  const { close } = usePage().dialogs;
  return (
    <Dialog title="What models may do" testId="policies-dialog" isWide onClose={close}>
      <div class="scroll" tabIndex={0} role="group" aria-label="Tools and their policies">
        <p class="hint">
          This holds for every AI cell of this notebook, whichever model answers. It stays here: it
          is not part of an exported file, and no file can set it.
        </p>
        <InNotebook />
        <h3>In one place only</h3>
        <InPlaces />
      </div>
      <CloseButton onClose={close} />
    </Dialog>
  );
}

function InNotebook() {
  const { nb, signals } = usePage();
  /** @param {string} tool @param {string} policy */
  const set = (tool, policy) => nb.setPolicy(tool, /** @type {ToolPolicy} */ (policy));
  return (
    <ul class="policies">
      {policiesOfNotebook(signals.policies, signals.askedTools).map(({ tool, words, policy }) => (
        <li key={tool} data-testid="policy" data-tool={tool}>
          <label>
            <span>{words}</span>
            <select value={policy} onChange={({ currentTarget }) => set(tool, currentTarget.value)}>
              {Object.entries(WORDS).map(([value, said]) => (
                <option key={value} value={value}>
                  {said}
                </option>
              ))}
            </select>
          </label>
        </li>
      ))}
    </ul>
  );
}

function InPlaces() {
  const { signals } = usePage();
  const { openExecutions } = signals;
  const isOpen = (/** @type {string} */ runId) =>
    openExecutions.some(({ queueId }) => queueId === runId);
  const places = policiesOfPlaces(signals.policies, isOpen);
  if (places.length === 0) {
    return <p class="hint">Nothing else is allowed in a single cell or run.</p>;
  }
  return (
    <ul class="policies">
      {places.map((one) => (
        <OnePlace key={JSON.stringify([one.tool, one.scope])} policy={one} />
      ))}
    </ul>
  );
}

/** @param {{ policy: SetPolicy }} props */
function OnePlace({ policy: { tool, policy, scope } }) {
  const { nb, signals } = usePage();
  const [known] = policiesOfNotebook([], [tool]).filter((one) => one.tool === tool);
  const where = scope.cellId === undefined ? "" : ` of ${formatCell(scope.cellId, signals.order)}`;
  const said = `${known.words}: ${WORDS[policy === "risky" ? "ask" : policy]}`;
  const place =
    scope.runId === undefined ? `in each run${where}` : `in the run${where} that is under way`;
  return (
    <li data-testid="place-policy" data-tool={tool}>
      <span>{`${said}, ${place}`}</span>
      <button
        type="button"
        data-testid="take-back"
        aria-label={`Take back: ${said}, ${place}`}
        onClick={() => nb.setPolicy(tool, notebookPolicy(signals.policies, tool), scope)}
      >
        Take back
      </button>
    </li>
  );
}

/** @param {readonly SetPolicy[]} policies @param {string} tool @returns {ToolPolicy} */
function notebookPolicy(policies, tool) {
  return policiesOfNotebook(policies, [tool]).find((one) => one.tool === tool)?.policy ?? "ask";
}
