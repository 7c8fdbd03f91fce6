// Shows what a file says to the model and whom it asks, and asks the person whether that is used.

/** @import { FromFile, FromFileChoice } from "../../../js/types-approvals.d.ts" */

import { useEffect } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { titleOf } from "../../providers/kinds.js";
import { Dialog } from "../parts/dialog.jsx";
import { formatCell } from "../runs/tool-format.js";

/** Asks about instructions as soon as there are some. Choices wait for a run: see `whenAgreed` of the page. */
export function AskAboutFile() {
  const { dialogs, signals } = usePage();
  const held = signals.fromFile;
  const isUndecided = held?.isUsed === null && hasInstructions(held);
  useEffect(() => {
    if (isUndecided) dialogs.open({ name: "from-file" });
  }, [isUndecided]);
  return null;
}

/** @param {{ go?: () => void }} props called after the decision, if it is needed for a run */
export function FromFileDialog({ go }) {
  const { dialogs, nb, signals } = usePage();
  const held = signals.fromFile;
  /** @param {boolean} isUsed */
  const decide = (isUsed) => {
    nb.useFromFile(isUsed);
    dialogs.close();
    go?.();
  };
  if (!held) return null;
  const andRun = go ? " and run" : "";
  return (
    <Dialog
      title="Instructions from a file"
      testId="from-file-dialog"
      isWide
      onClose={dialogs.close}
    >
      <div class="scroll" tabIndex={0} role="group" aria-label="What the file says to the model">
        {hasInstructions(held) && <Instructions held={held} />}
        <Choices held={held} />
        <p>{said(held.isUsed)}</p>
      </div>
      <div class="buttons">
        <button type="button" data-testid="leave-out" onClick={() => decide(false)}>
          {`Leave them out${andRun}`}
        </button>
        <button type="button" class="primary" data-testid="use-them" onClick={() => decide(true)}>
          {`Use them${andRun}`}
        </button>
      </div>
    </Dialog>
  );
}

/** @param {FromFile} held */
function hasInstructions({ settings, prompts }) {
  return Object.keys(settings).length + Object.keys(prompts).length > 0;
}

/** @param {{ held: FromFile }} props */
function Instructions({ held: { settings, prompts } }) {
  const { signals } = usePage();
  const { user_saved_prompt: prompt, max_ai_iterations: turns } = settings;
  return (
    <>
      <p>
        This notebook came with instructions for the model. It is sent them with every prompt if you
        use them; until then they are left out.
      </p>
      {prompt && <Instruction title="For all AI cells" text={prompt} />}
      {Object.entries(prompts).map(([id, text]) => (
        <Instruction key={id} title={`For ${formatCell(id, signals.order)}`} text={text} />
      ))}
      {turns && <Instruction title="Most turns in a run" text={turns} />}
    </>
  );
}

/** @param {{ held: FromFile }} props */
function Choices({ held: { choice, choices } }) {
  const { ai, signals } = usePage();
  const preferred = ai.settings.value.preferred;
  /** @type {[cells: string, choice: FromFileChoice][]} */
  const rows = signals.order.flatMap((id) =>
    Object.hasOwn(choices, id) ? [[`For ${formatCell(id, signals.order)}`, choices[id]]] : [],
  );
  if (choice.provider || choice.model) rows.unshift(["For cells without a choice", choice]);
  if (rows.length === 0) return null;
  return (
    <section class="change" data-testid="from-file-choices">
      <h3>Who answers</h3>
      <p>
        {`The file chose who answers. A prompt goes there with what the cells above it hold. If you leave the choice out, your default answers: ${titleOf(preferred)}.`}
      </p>
      <dl class="rows">
        {rows.map(([cells, one]) => (
          <div key={cells}>
            <dt>{cells}</dt>
            <dd>{formatChoice(one, preferred)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** @param {FromFileChoice} choice @param {string} preferred */
function formatChoice(choice, preferred) {
  const { provider, model } = choice;
  const named = [provider, model].filter(Boolean).join(" · ");
  const isDefault = provider ? provider === preferred : model.startsWith(`${preferred}/`);
  return named + (isDefault ? " (your default)" : "");
}

/** @param {boolean | null} isUsed */
function said(isUsed) {
  if (isUsed === null) return "";
  return isUsed ? "They are used now." : "You have left them out.";
}

/** @param {{ title: string, text: string }} props */
function Instruction({ title, text }) {
  return (
    <section class="change">
      <h3>{title}</h3>
      <pre class="call-code">{text}</pre>
    </section>
  );
}
