// All that can be done to a cell, in words.

/** @import { Cell } from "../../../js/notebook/state/notebook.js" */

import { usePage } from "../../app/page.js";
import { Icon } from "../parts/icons.jsx";
import { Menu } from "../parts/menu.jsx";

/** @param {{ cell: Cell, number: number, isLast: boolean }} props */
export function CellMenu({ cell, number, isLast }) {
  const page = usePage();
  const { actions } = page;
  const { id, sourceVisible, outputVisible, aiContextVisible } = cell;
  const runs = cell.cellType !== "markdown" && cell.cellType !== "raw";
  const items = [
    {
      label: "Add a cell above",
      testId: "add-above",
      keys: "a",
      onClick: () => page.insert(id, "above"),
    },
    {
      label: "Add a cell below",
      testId: "add-below",
      keys: "b",
      onClick: () => page.insert(id, "below"),
    },
    {
      label: "Move up",
      testId: "move-up",
      keys: "Mod+Shift+ArrowUp",
      disabled: number === 1,
      onClick: () => actions.moveCell(id, -1),
    },
    {
      label: "Move down",
      testId: "move-down",
      keys: "Mod+Shift+ArrowDown",
      disabled: isLast,
      onClick: () => actions.moveCell(id, 1),
    },
    {
      label: "Run this and all below",
      testId: "run-below",
      startsGroup: true,
      onClick: () => actions.runFrom(id),
    },
    {
      label: sourceVisible ? "Hide source" : "Show source",
      testId: "toggle-source",
      keys: "s",
      startsGroup: true,
      onClick: () => actions.toggle(id, "sourceVisible"),
    },
    {
      label: outputVisible ? "Hide outputs" : "Show outputs",
      testId: "toggle-outputs",
      keys: "o",
      disabled: !runs,
      onClick: () => actions.toggle(id, "outputVisible"),
    },
    {
      label: aiContextVisible ? "Keep from AI cells" : "Show to AI cells",
      testId: "toggle-context",
      keys: "e",
      onClick: () => actions.toggle(id, "aiContextVisible"),
    },
    {
      label: "Clear outputs",
      testId: "clear",
      disabled: !runs,
      onClick: () => actions.clearOutputs(id),
    },
  ];
  return (
    <Menu label="More" testId="cell-menu" class="tool" items={items}>
      <Icon name="more" />
    </Menu>
  );
}
