// Offers to undo, while a notebook is only about to be deleted.

import { shownTitle } from "../../app/kept/titles.js";
import { usePage } from "../../app/page.js";
import { MessageBar } from "../parts/message-bar.jsx";

/** The one that was deleted last, with its undo; when that is done, the one before. */
export function DeletedNotebooks() {
  const { kept, notebookId } = usePage();
  const deleted = kept.all.value
    .filter(({ deletedAt }) => deletedAt !== undefined)
    .sort((a, b) => ((a.deletedAt ?? "") < (b.deletedAt ?? "") ? 1 : -1));
  const [last] = deleted;
  if (!last) return null;
  const { id, title } = last;
  const name = id === notebookId ? "This notebook" : `“${shownTitle(title)}”`;
  const more = deleted.length > 1 ? `, and ${deleted.length - 1} more before it` : "";
  return (
    <MessageBar
      text={`${name} was deleted${more}.`}
      kind="notice"
      testId="deleted-notebook"
      ways={[
        {
          label: "Undo",
          testId: "undo-delete-notebook",
          isMain: true,
          run: () => kept.attempt(() => kept.undo(id)),
        },
        { label: "Delete for good", run: () => kept.attempt(() => kept.finish(id)) },
      ]}
    />
  );
}
