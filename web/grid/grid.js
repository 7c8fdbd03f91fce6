// A table that can be sorted and filtered, in AG Grid. It is a bundle of its own, loaded when the first table is shown.
// Values are written as text, never as HTML.

/** @import { ColDef, GridOptions, IGetRowsParams } from "ag-grid-community" */
/** @import { Ask, Column, Row } from "./query.js" */

import {
  CellStyleModule,
  ClientSideRowModelModule,
  ColumnAutoSizeModule,
  InfiniteRowModelModule,
  ModuleRegistry,
  NumberFilterModule,
  RowApiModule,
  TextFilterModule,
  TooltipModule,
  createGrid,
  themeQuartz,
} from "ag-grid-community";

import { queryOf, shown } from "./query.js";

ModuleRegistry.registerModules([
  CellStyleModule,
  ClientSideRowModelModule,
  ColumnAutoSizeModule,
  InfiniteRowModelModule,
  NumberFilterModule,
  RowApiModule,
  TextFilterModule,
  TooltipModule,
]);

/** A table of no more rows is as high as these. */
const FEW_ROWS = 12;
const ROW_HEIGHT = 26;
/** How many values are asked for at once, and how many rows at the most. */
const MOST_VALUES = 20_000;
const MOST_ROWS = 200;
/** How many such blocks of rows are held. */
const MOST_BLOCKS = 50;
const WIDEST = 320;

/** The page's own colours, which know of dark pages. */
const THEME = themeQuartz.withParams({
  accentColor: "var(--accent)",
  backgroundColor: "var(--ground)",
  borderColor: "var(--line)",
  browserColorScheme: "inherit",
  chromeBackgroundColor: "var(--sunken)",
  fontFamily: "inherit",
  fontSize: 13,
  foregroundColor: "var(--ink)",
  headerFontWeight: 600,
  headerTextColor: "var(--ink)",
  iconSize: 13,
  menuBackgroundColor: "var(--raised)",
  rowHeight: ROW_HEIGHT,
  headerHeight: 32,
  cellHorizontalPadding: 10,
  wrapperBorderRadius: 6,
});

/**
 * @typedef {object} Options
 * @property {HTMLElement} parent
 * @property {readonly Column[]} columns
 * @property {readonly Row[]} rows the first rows, or all
 * @property {{ count: number, ask: Ask }} [all] how many rows there are, and who has them; `ask` is for those that are
 *   not among `rows`, and for sorted and filtered ones
 * @property {(count: number) => void} onCount is told how many rows meet the filters
 * @property {() => void} onLost is called once nobody has the rows
 */

/** @param {Options} options @returns {{ destroy: () => void }} */
export function createTable(options) {
  const { parent, columns, rows, all, onCount } = options;
  const isLow = (all?.count ?? rows.length) <= FEW_ROWS;
  /** @type {GridOptions<Row>} */
  const settings = {
    theme: THEME,
    styleNonce: "codemirror",
    columnDefs: columns.map(describe),
    defaultColDef: { sortable: true, resizable: true, minWidth: 60, suppressMovable: true },
    autoSizeStrategy: { type: "fitCellContents", defaultMaxWidth: WIDEST },
    domLayout: isLow ? "autoHeight" : "normal",
    animateRows: false,
    ensureDomOrder: true,
    enableCellTextSelection: true,
    enableBrowserTooltips: true,
    popupParent: document.body,
    // Tab leaves the table; arrow keys go from cell to cell.
    tabToNextCell: () => false,
    onFilterChanged: ({ api }) => all || onCount(api.getDisplayedRowCount()),
    onFirstDataRendered: ({ api }) => api.autoSizeAllColumns(),
    ...(all ? live(options, all) : { rowData: [...rows] }),
  };
  parent.classList.toggle("is-low", isLow);
  const grid = createGrid(parent, settings);
  return { destroy: () => grid.destroy() };
}

/** @param {Column} column @param {number} place @returns {ColDef<Row>} */
function describe(column, place) {
  const isNumber = column.type === "integer" || column.type === "number";
  const value = (/** @type {Row | undefined} */ row) => row?.[place];
  return {
    colId: String(place),
    headerName: column.name,
    headerTooltip: column.about,
    pinned: column.isIndex ? "left" : undefined,
    cellClass: [isNumber ? "is-number" : "", column.isIndex ? "is-index" : ""].filter(Boolean),
    headerClass: isNumber ? "ag-right-aligned-header" : "",
    cellClassRules: { "is-missing": ({ value }) => value === null },
    valueGetter: ({ data }) => value(data),
    valueFormatter: ({ value, data }) => (data === undefined ? "…" : shown(value)),
    comparator: compare,
    filter: isNumber ? "agNumberColumnFilter" : "agTextColumnFilter",
    filterValueGetter: ({ data }) => (isNumber ? value(data) : textOf(value(data))),
    filterParams: { maxNumConditions: 1, inRangeInclusive: true, debounceMs: 200 },
  };
}

/** @param {unknown} value */
const textOf = (value) => (value === null ? null : shown(value));

/**
 * Numbers before texts, and what is missing last, whichever way the column is sorted.
 * @param {unknown} a @param {unknown} b @param {unknown} _a @param {unknown} _b @param {boolean} isDescending
 */
function compare(a, b, _a, _b, isDescending) {
  if (a === null || b === null) {
    const order = Number(a === null) - Number(b === null);
    return isDescending ? -order : order;
  }
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : Number(left > right);
}

/** @param {Options} options @param {{ count: number, ask: Ask }} all @returns {GridOptions<Row>} */
function live({ columns, rows, onCount, onLost }, { count, ask }) {
  const cacheBlockSize = Math.max(
    20,
    Math.min(MOST_ROWS, Math.floor(MOST_VALUES / columns.length)),
  );
  const getRows = async (/** @type {IGetRowsParams<Row>} */ params) => {
    const query = queryOf(params);
    const isPlain = query.sort.length === 0 && query.filters.length === 0;
    if (isPlain) onCount(count);
    if (isPlain && (params.endRow <= rows.length || rows.length === count)) {
      params.successCallback(rows.slice(params.startRow, params.endRow), count);
      return;
    }
    const page = await ask(query);
    if (!page) {
      params.failCallback();
      onLost();
      return;
    }
    if (!isPlain) onCount(page.total);
    params.successCallback([...page.rows], page.total);
  };
  return {
    rowModelType: "infinite",
    datasource: { getRows },
    cacheBlockSize,
    maxBlocksInCache: MOST_BLOCKS,
    infiniteInitialRowCount: Math.min(count, cacheBlockSize),
    maxConcurrentDatasourceRequests: 1,
    blockLoadDebounceMillis: 60,
  };
}
