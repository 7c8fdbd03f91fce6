// The dialog that is open, if one is.

import { usePage } from "../page.js";
import { Explanation } from "./explanation.jsx";
import { Help } from "./help.jsx";
import { Notebooks } from "./notebooks.jsx";
import { Settings } from "./settings.jsx";
import { UndoDialog } from "./undo-dialog.jsx";

export function Dialogs() {
  const opened = usePage().dialog.value;
  switch (opened?.name) {
    case "settings":
      return <Settings provider={opened.provider} />;
    case "help":
      return <Help />;
    case "explanation":
      return <Explanation cellId={opened.cellId} />;
    case "notebooks":
      return <Notebooks />;
    case "undo":
      return <UndoDialog cellId={opened.cellId} runId={opened.runId} />;
    default:
      return null;
  }
}
