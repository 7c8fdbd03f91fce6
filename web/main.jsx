// Opens the demo; boot/opening.js decides which notebook an address means.
//
// For the console, and for tests, `window.runt` holds `store` (an EventStore of js/), `files` (a FileStore) and
// `runtime` (undefined until Python has started). Tests find elements by `data-testid`:
//
//   title, status (with data-status), model-picker, locked-keys, waiting, asked
//                                                                      the bar at the top
//   opening, and in it slow-opening, wait, open-as-it-is, export-raw   until the notebook is open
//   not-kept, not-read, not-whole, newer-events, each with export-raw  what is not stored, not shown, missing, unknown
//   banner, and in it try-again                                        when something is wrong; when there is no Python
//   cell-<id>   a cell, with data-cell-id, data-cell-type and data-execution-state: idle, queued,
//               running, completed, error or cancelled
//     run, stop, edit, type, cell-model, delete, grip, cell-menu       its tools
//     show-source, show-outputs, excluded, count                       what is hidden; how often it ran
//     source, execution                                                its editor, its state in words
//     add-pictures, pictures, remove-picture, own-settings             of an AI cell
//     outputs   answer (rendered Markdown), thinking, notice (such as a retry, with a countdown), mark (Stopped,
//               Truncated ...), origin (provider, model and tokens), error, stream, result
//     question   what it asks, with question-answer, question-send and question-end
//   add-ai, add-markdown, add-code, add-sql                            between cells, and at the end
//   the name of a command (app/commands)                               its item in cell-menu or notebook-menu, its button in the bar
//   cell-settings-dialog with system-prompt, temperature, topP, maxTokens, seed, stop-texts, reasoning-effort,
//     reset-settings, save-settings
//   notebooks-dialog with find-notebook, notebook (with data-id) and in it notebook-actions, new-title
//   find-bar with find-field, find-isExact, find-isWhole, find-isPattern, find-position, find-previous, find-next, replacement, replace,
//     replace-all, find-problem, close-find
//   palette-dialog with find-command, palette-command (with data-command)
//   deleted-notebook with undo-delete-notebook                         until a notebook that was deleted is gone
//   undo, undo-clear, notice-toast                                     after a cell was deleted, outputs were cleared; what was done
//   restart-dialog with confirm-restart
//   show-files, files-panel with add-files, add-folder, file (with data-path) and in it file-actions, new-name, preview,
//     encoding; files-problem, files-notice, deleted-file with undo-delete-file, files-room, close-panel
//   picker with find-model, model-option (with data-provider and data-model), offer-problem,
//     open-settings                                                    below model-picker, cell-model
//   settings-dialog with add-provider, provider-<name> and in it edit-provider or
//     play-cassette, keys-page, keys-tab,
//     keys-vault, passphrase, passphrase-enter, unlock-problem, close; and of one provider base-url,
//     api-key, model, answers, remove-provider, back, check, apply, settings-error, findings

import "./main.css";

import { effect } from "@preact/signals";
import { render } from "preact";

import { Keyboard, useClipboard } from "./app/commands/keyboard.js";
import { takeFiles } from "./ui/cells/drag.js";
import { App } from "./ui/page/app.jsx";
import { OpeningNotebook } from "./ui/page/opening.jsx";
import { markWhatIsSaid } from "./ui/parts/marked.js";
import { rememberNotebook } from "./storage/notebooks.js";
import { installServiceWorker } from "./boot/offline.js";
import { openNotebook } from "./boot/opening.js";
import { Page, PageProvider } from "./app/page.js";

async function open() {
  await installServiceWorker();
  markWhatIsSaid();
  const place = /** @type {HTMLElement} */ (document.getElementById("notebook"));
  place.replaceChildren(); // the sentence that stood there until now
  const { store, id, testConfig, trouble } = await openNotebook(location.search, (opening) =>
    render(<OpeningNotebook opening={opening} />, place),
  );
  const page = new Page(store, testConfig, id);
  page.ai.followTabs(globalThis);
  page.kept.followTabs(globalThis);
  page.session.trouble.value = trouble;
  if (id !== null) {
    effect(() => {
      if (!page.keeping?.failure.value) rememberNotebook(id, page.signals.title);
    });
  }

  Object.assign(window, {
    runt: {
      store,
      files: page.fileStore,
      get runtime() {
        return page.session.runtime;
      },
    },
  });

  listen(page);
  window.addEventListener("beforeunload", (event) => {
    if (page.nb.isChanged && id === null) event.preventDefault();
  });

  render(
    <PageProvider value={page}>
      <App />
    </PageProvider>,
    place,
  );
  void page.folder.refresh();
  void page.session.start();
}

/** Takes what is meant for the page as a whole. @param {Page} page */
function listen(page) {
  page.view.applyTo(document.documentElement);
  const keyboard = new Keyboard(page);
  window.addEventListener("keydown", (event) => keyboard.press(event));
  for (const type of /** @type {const} */ (["copy", "cut", "paste"])) {
    window.addEventListener(type, (event) => useClipboard(page, event));
  }
  window.addEventListener("dragover", takeFiles);
  window.addEventListener("drop", (event) => page.imports.drop(event));
}

// If the browser lacks something, or another site shows this page, browser-check.js has said so in place of the
// notebook.
if (document.documentElement.dataset.stopped === undefined) await open();
