// The sheet of keyboard shortcuts.

import { CELL_COMMANDS } from "../../app/commands/cell.js";
import { SECTIONS, labelOf } from "../../app/commands/command.js";
import { NOTEBOOK_COMMANDS } from "../../app/commands/notebook.js";
import { usePage } from "../../app/page.js";
import { EDITOR_COMMANDS } from "../../editor/keys.js";
import { CloseButton, Dialog } from "../parts/dialog.jsx";
import { KeyName } from "../parts/key-name.jsx";

/** @typedef {{ keys: readonly string[], help: string }} Entry */

export function Help() {
  const page = usePage();
  const { close } = page.dialogs;
  const commands = [...CELL_COMMANDS, ...NOTEBOOK_COMMANDS].filter(({ keys }) => keys);
  const hasKeys = (/** @type {string} */ name) => commands.some(({ section }) => section === name);
  /** @type {Entry[]} */
  const runs = [
    {
      keys: commands.flatMap(({ inSource, keys = [] }) => (inSource ? keys : [])),
      help: "Run the cell, as above",
    },
  ];
  return (
    <Dialog title="Keyboard shortcuts" testId="help-dialog" onClose={close} isWide>
      <p class="hint">
        These keys act on the selected cell. Press Enter to edit its source; press Esc, or click
        outside the source, to leave it.
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-label="Keyboard shortcuts">
        <div class="keys">
          {SECTIONS.filter(hasKeys).map((section) => (
            <Section
              key={section}
              title={section}
              entries={commands
                .filter((command) => command.section === section)
                .map((command) => ({
                  keys: [...(command.keys ?? []), ...(command.browserKeys ?? [])],
                  help: command.help ?? labelOf(command, page, ""),
                }))}
            />
          ))}
          <Section title="In the source" entries={[...runs, ...EDITOR_COMMANDS]} />
        </div>
      </div>
      <CloseButton onClose={close} />
    </Dialog>
  );
}

/** @param {{ title: string, entries: readonly Entry[] }} props */
function Section({ title, entries }) {
  if (entries.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {entries.map(({ keys, help }) => (
          <div key={help}>
            <dt>
              {keys.map((key) => (
                <KeyName key={key} name={key} />
              ))}
            </dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
