// The notebooks that this browser keeps.

/** @import { Kept } from "../../storage/notebooks.js" */

import { useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { messageOf } from "../../render/error.js";
import {
  addressOf,
  forgetNotebook,
  listNotebooks,
  newNotebookId,
} from "../../storage/notebooks.js";
import { deletePersisted } from "../../storage/persisted.js";
import { Dialog } from "../parts/dialog.jsx";
import { Problem, useAttempt } from "../parts/problem.jsx";

export function Notebooks() {
  const { close } = usePage().dialogs;
  const { notebooks, remove, problem } = useNotebooks();
  return (
    <Dialog title="Notebooks in this browser" testId="notebooks-dialog" onClose={close}>
      <ul class="notebooks">
        {notebooks.map((kept) => (
          <OneNotebook key={kept.id} kept={kept} onDelete={() => remove(kept.id)} />
        ))}
      </ul>
      {notebooks.length === 0 && <p class="hint">No notebooks yet.</p>}
      <Problem text={problem} />
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

function useNotebooks() {
  const [notebooks, setNotebooks] = useState(listNotebooks);
  const { problem, attempt } = useAttempt();
  /** @param {string} id */
  const remove = (id) =>
    attempt(async () => {
      try {
        await deletePersisted(id);
      } catch (error) {
        throw new Error(
          `The notebook could not be deleted: close the other tabs that show it. (${messageOf(error)})`,
          { cause: error },
        );
      }
      forgetNotebook(id);
      setNotebooks(listNotebooks());
    });
  return { notebooks, remove, problem };
}

/** @param {{ kept: Kept, onDelete: () => void }} props */
function OneNotebook({ kept: { id, title, openedAt }, onDelete }) {
  const isOpen = id === usePage().notebookId;
  const name = title || "Untitled";
  return (
    <li>
      {isOpen ? <strong>{name}</strong> : <a href={addressOf(id)}>{name}</a>}
      <time dateTime={openedAt}>{new Date(openedAt).toLocaleDateString()}</time>
      <button
        type="button"
        data-testid="delete-notebook"
        disabled={isOpen}
        aria-label={`Delete ${name}`}
        onClick={onDelete}
      >
        Delete
      </button>
    </li>
  );
}
