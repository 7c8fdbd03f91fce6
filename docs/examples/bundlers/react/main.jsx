import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";

import { useNotebook } from "./use-notebook.js";

const responses = { "What did it print?": "It printed **42**." };
const options = {
  // What is in public/.
  pyodideURL: `${import.meta.env.BASE_URL}pyodide/`,
  indexURL: `${import.meta.env.BASE_URL}pypi/simple`,
  config: { providers: { test: { responses } } },
};

function Notebook() {
  const { nb, status, reason } = useNotebook(options);
  useEffect(() => {
    if (nb.cells.length > 0) return;
    nb.addCell("code", "print(6 * 7)");
    nb.addCell("ai", "What did it print?");
  }, [nb]);
  return (
    <main>
      <p role="status">{reason ?? status}</p>
      {nb.cells.map((cell) => (
        <Cell key={cell.id} cell={cell} nb={nb} />
      ))}
      <button onClick={() => nb.requestRuns(...nb.cells)}>Run all</button>
    </main>
  );
}

function Cell({ cell, nb }) {
  const run = nb.lastRun(cell);
  const change = (event) => nb.setSource(cell, event.target.value);
  return (
    <section>
      <textarea aria-label={cell.cellType} value={cell.source} onChange={change} />
      <pre>{run?.text}</pre>
      {run?.error && <p role="alert">{run.error.message}</p>}
    </section>
  );
}

createRoot(document.querySelector("#root")).render(
  <StrictMode>
    <Notebook />
  </StrictMode>,
);
