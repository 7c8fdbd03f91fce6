// The sheet of keys.

import { EDITOR_KEYS, GROUPS } from "../../app/commands.js";
import { usePage } from "../../app/page.js";
import { Dialog } from "../parts/dialog.jsx";
import { KeyName } from "../parts/key-name.jsx";

export function Help() {
  const page = usePage();
  const close = () => (page.dialog.value = null);
  return (
    <Dialog title="Keys" testId="help-dialog" onClose={close} isWide>
      <p class="hint">
        A cell has the focus, and these keys are for it, after Esc or a click beside its source.
        Enter goes into the source.
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-label="Keys">
        <div class="keys">
          {GROUPS.map(({ title, commands }) => (
            <Keys key={title} title={title} entries={commands} />
          ))}
          <Keys title="In the source" entries={EDITOR_KEYS} />
        </div>
      </div>
      <div class="buttons">
        <button type="button" autofocus onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

/** @param {{ title: string, entries: { keys: string[], words: string }[] }} props */
function Keys({ title, entries }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {entries.map(({ keys, words }) => (
          <div key={words}>
            <dt>
              {keys.map((key) => (
                <KeyName key={key} name={key} />
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
