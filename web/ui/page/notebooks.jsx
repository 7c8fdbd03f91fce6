// The notebooks that this browser keeps.

import { useState } from "preact/hooks";

import {
  addressOf,
  forgetNotebook,
  listNotebooks,
  newNotebookId,
} from "../../storage/notebooks.js";
import { usePage } from "../../app/page.js";
import { Dialog } from "../parts/dialog.jsx";

export function Notebooks() {
  const page = usePage();
  const [notebooks, setNotebooks] = useState(listNotebooks);
  const [problem, setProblem] = useState("");
  const { close } = page.dialogs;
  /** @param {string} id */
  const remove = async (id) => {
    try {
      const { deletePersisted } = await import("../../storage/persisted.js");
      await deletePersisted(id);
      forgetNotebook(id);
      setNotebooks(listNotebooks());
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      setProblem(`It could not be deleted: close the other tabs that show it. (${why})`);
    }
  };
  return (
    <Dialog title="Notebooks in this browser" testId="notebooks-dialog" onClose={close}>
      <ul class="notebooks">
        {notebooks.map(({ id, title, openedAt }) => (
          <li key={id}>
            {id === page.notebookId ? (
              <strong>{title || "Untitled"}</strong>
            ) : (
              <a href={addressOf(id)}>{title || "Untitled"}</a>
            )}
            <time dateTime={openedAt}>{new Date(openedAt).toLocaleDateString()}</time>
            <button
              type="button"
              data-testid="delete-notebook"
              disabled={id === page.notebookId}
              aria-label={`Delete ${title || "Untitled"}`}
              onClick={() => remove(id)}
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
      {notebooks.length === 0 && <p class="hint">There are none yet.</p>}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="buttons">
        <button type="button" onClick={close}>
          Close
        </button>
        <a class="button primary" data-testid="new-notebook" href={addressOf(newNotebookId())}>
          New notebook
        </a>
      </div>
    </Dialog>
  );
}
