// The rail at the left of the notebook, with one button for each panel; one panel is open at a time. On a narrow page there
// is no rail: the notebook's menu opens the panels, over the notebook.

import { usePage } from "../../app/page.js";
import { Icon } from "../parts/icons.jsx";
import { Files } from "./files.jsx";

/** In the order of the rail. */
const PANELS = [
  { name: "files", label: "Files", icon: /** @type {const} */ ("files"), Panel: Files },
];

export function Rail() {
  const { panel } = usePage();
  const opened = PANELS.find(({ name }) => name === panel.value);
  return (
    <>
      <nav class="rail" aria-label="Panels">
        {PANELS.map(({ name, label, icon }) => (
          <button
            key={name}
            type="button"
            class="icon-button"
            title={label}
            aria-label={label}
            aria-expanded={name === panel.value}
            data-testid={`show-${name}`}
            onClick={() => (panel.value = name === panel.value ? "" : name)}
          >
            <Icon name={icon} />
          </button>
        ))}
      </nav>
      {opened && (
        <aside class="panel" aria-label={opened.label} data-testid={`${opened.name}-panel`}>
          <header>
            <h2>{opened.label}</h2>
            <button type="button" data-testid="close-panel" onClick={() => (panel.value = "")}>
              Close
            </button>
          </header>
          <opened.Panel />
        </aside>
      )}
    </>
  );
}
