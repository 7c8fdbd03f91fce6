// Shows what a file says to the model, and asks whether it is used.

import { useEffect } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { showHidden } from "../../render/hidden.js";
import { Dialog } from "../parts/dialog.jsx";
import { formatCell } from "../runs/tool-format.js";

/** Asks once, as soon as there is something to ask. */
export function AskAboutFile() {
  const { dialogs, signals } = usePage();
  const isUndecided = signals.fromFile?.isUsed === null;
  useEffect(() => {
    if (isUndecided) dialogs.open({ name: "from-file" });
  }, [isUndecided]);
  return null;
}

export function FromFileDialog() {
  const { dialogs, nb, signals } = usePage();
  const held = signals.fromFile;
  /** @param {boolean} isUsed */
  const decide = (isUsed) => {
    nb.useFromFile(isUsed);
    dialogs.close();
  };
  if (!held) return null;
  const { user_saved_prompt: prompt, max_ai_iterations: turns } = held.settings;
  return (
    <Dialog
      title="Instructions from a file"
      testId="from-file-dialog"
      isWide
      onClose={dialogs.close}
    >
      <div class="scroll" tabIndex={0} role="group" aria-label="What the file says to the model">
        <p>
          {`This notebook came with instructions for the model. It is sent them with every prompt if you use them; until then they are left out. ${said(held.isUsed)}`}
        </p>
        {prompt && <Instruction title="For all AI cells" text={prompt} />}
        {Object.entries(held.prompts).map(([id, text]) => (
          <Instruction key={id} title={`For ${formatCell(id, signals.order)}`} text={text} />
        ))}
        {turns && <Instruction title="Most turns in a run" text={turns} />}
      </div>
      <div class="buttons">
        <button type="button" data-testid="leave-out" onClick={() => decide(false)}>
          Leave them out
        </button>
        <button type="button" class="primary" data-testid="use-them" onClick={() => decide(true)}>
          Use them
        </button>
      </div>
    </Dialog>
  );
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
      <pre class="call-code">{showHidden(text)}</pre>
    </section>
  );
}
