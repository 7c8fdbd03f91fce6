// The dialog that is open, if one is.

import { usePage } from "../../app/page.js";
import { CellSettings } from "../cells/cell-settings.jsx";
import { Explanation } from "../runs/explanation.jsx";
import { FromFileDialog } from "./from-file.jsx";
import { Help } from "./help.jsx";
import { Notebooks } from "./notebooks.jsx";
import { Palette } from "./tools/palette.jsx";
import { RestartDialog } from "./restart-dialog.jsx";
import { Settings } from "../providers/settings-dialog.jsx";
import { PoliciesDialog } from "../runs/policies-dialog.jsx";
import { UndoDialog } from "../runs/undo-dialog.jsx";

export function Dialogs() {
  const opened = usePage().dialogs.opened.value;
  switch (opened?.name) {
    case "settings":
      return (
        <Settings
          key={`${opened.provider} ${opened.isSignedIn}`}
          provider={opened.provider}
          isSignedIn={opened.isSignedIn}
        />
      );
    case "help":
      return <Help />;
    case "palette":
      return <Palette />;
    case "explanation":
      return <Explanation cellId={opened.cellId} />;
    case "cell-settings":
      return <CellSettings cellId={opened.cellId} />;
    case "notebooks":
      return <Notebooks />;
    case "from-file":
      return <FromFileDialog go={opened.go} />;
    case "policies":
      return <PoliciesDialog />;
    case "restart":
      return <RestartDialog runsAll={opened.runsAll} />;
    case "undo":
      return <UndoDialog cellId={opened.cellId} runId={opened.runId} />;
    default:
      return null;
  }
}
