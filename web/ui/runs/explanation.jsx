// Shows what the model saw, turn by turn.

import { useEffect, useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { CloseButton, Dialog } from "../parts/dialog.jsx";
import { Markdown } from "../outputs/markdown.jsx";

/** @param {{ cellId: string }} props */
export function Explanation({ cellId }) {
  const page = usePage();
  const [text, setText] = useState("…");
  const { close } = page.dialogs;
  useEffect(() => {
    void page.session.explain(cellId).then(setText);
  }, [cellId]);
  return (
    <Dialog title="What the model saw" testId="explanation" isWide onClose={close}>
      <div class="scroll" tabIndex={0}>
        <Markdown text={text} />
      </div>
      <CloseButton onClose={close} />
    </Dialog>
  );
}
