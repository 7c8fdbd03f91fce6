// What can be done to the notebook as a whole.

import { usePage } from "../../app/page.js";
import { Icon } from "../parts/icons.jsx";
import { Menu } from "../parts/menu.jsx";

export function NotebookMenu() {
  const page = usePage();
  const { actions, session } = page;
  const items = [
    {
      label: "Notebooks…",
      testId: "notebooks",
      onClick: () => (page.dialog.value = { name: "notebooks" }),
    },
    {
      label: "Import .ipynb…",
      testId: "import",
      startsGroup: true,
      onClick: () => page.importIpynb(),
    },
    { label: "Export .ipynb", testId: "export", onClick: () => page.exportIpynb() },
    {
      label: "Clear all outputs",
      testId: "clear-all",
      startsGroup: true,
      onClick: () => actions.clearAllOutputs(),
    },
    {
      label: "Restart Python",
      testId: "restart-python",
      keys: "0 0",
      startsGroup: true,
      onClick: () => session.restart(),
    },
    {
      label: "Restart and run all",
      testId: "restart-run-all",
      onClick: async () => {
        await session.restart();
        actions.runAll();
      },
    },
    {
      label: "AI settings…",
      testId: "settings",
      startsGroup: true,
      onClick: () => (page.dialog.value = { name: "settings" }),
    },
    {
      label: "Keys",
      testId: "help",
      keys: "?",
      onClick: () => (page.dialog.value = { name: "help" }),
    },
  ];
  return (
    <Menu label="Notebook menu" testId="notebook-menu" class="icon-button" items={items}>
      <Icon name="more" />
    </Menu>
  );
}
