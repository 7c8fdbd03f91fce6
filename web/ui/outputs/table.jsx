// Shows a table in a grid, which is loaded for the first one. If a runtime has more rows than the output, the grid
// asks for them.

/** @import { Ask } from "../../grid/query.js" */
/** @import { TableData } from "./table-data.js" */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { describeTable, readTable } from "./table-data.js";

/** @param {{ data: unknown, metadata: any, children: any }} props `children` are shown if there is no grid */
export function Table({ data, metadata, children }) {
  const table = useMemo(() => readTable(data, metadata), [data, metadata]);
  return table ? <Grid table={table}>{children}</Grid> : children;
}

/** @param {{ table: TableData, children: any }} props */
function Grid({ table, children }) {
  const { ask, onLost } = useRest(table);
  const place = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [count, setCount] = useState(/** @type {number | undefined} */ (undefined));
  const [isMissing, setMissing] = useState(false);

  useEffect(() => {
    const parent = place.current;
    if (!parent) return undefined;
    /** @type {{ destroy: () => void } | undefined} */
    let grid;
    let isOver = false;
    setCount(undefined);
    const all = ask && { count: table.total ?? table.rows.length, ask };
    import("../../grid/grid.js").then(
      ({ createTable }) => {
        if (isOver) return;
        grid = createTable({ parent, ...table, all, onCount: setCount, onLost });
      },
      () => setMissing(true),
    );
    return () => {
      isOver = true;
      grid?.destroy();
    };
  }, [table, ask]);

  if (isMissing) return children;
  return (
    <figure class="table" data-testid="table" aria-label="Table">
      <div ref={place} class="table-grid" />
      <figcaption aria-live="polite">
        {describeTable(table, { hasAll: Boolean(ask), count })}
      </figcaption>
    </figure>
  );
}

/**
 * What asks Python for the rows that the output does not hold; nothing if it holds all, or if no runtime has them.
 * @param {TableData} table
 */
function useRest({ id, rows, total }) {
  const { session } = usePage();
  const isAsked = id !== undefined && rows.length !== total && session.isUp;
  const [ask, setAsk] = useState(/** @type {{ ask: Ask } | undefined} */ (undefined));
  const onLost = () => setAsk(undefined);
  useEffect(() => {
    onLost();
    if (!isAsked) return undefined;
    let isOver = false;
    /** @type {Ask} */
    const asked = (query) => session.tableRows(id, query);
    void asked({ count: 0 }).then((page) => page && !isOver && setAsk({ ask: asked }));
    return () => {
      isOver = true;
    };
  }, [id, isAsked]);
  return { ask: ask?.ask, onLost };
}
