// The place between two cells, or at the end, where a new one can be added.

import { usePage } from "../../app/page.js";
import { CELL_TYPES, typeName } from "../../app/format.js";

/** @param {{ after: string | null, isEnd?: boolean }} props */
export function Inserter({ after, isEnd = false }) {
  const page = usePage();
  return (
    <div class={isEnd ? "inserter end" : "inserter"} role="group" aria-label="Add a cell here">
      {CELL_TYPES.map((type) => (
        <button
          key={type}
          type="button"
          data-testid={`add-${type}`}
          onClick={() => page.cells.add(type, after)}
        >
          <span aria-hidden="true">+ </span>
          {typeName(type, page.signals.foreignLanguage)}
        </button>
      ))}
    </div>
  );
}
