// What is asked of a table that Python has: rows by their places, sorted and filtered.

/** @import { IGetRowsParams } from "ag-grid-community" */
/** @import { TablePage, TableQuery } from "../../js/types.d.ts" */

/**
 * @typedef {readonly unknown[]} Row values in the order of the columns; null is a missing one
 * @typedef {{ name: string, type: string, about?: string, isIndex: boolean }} Column
 * @typedef {(query: TableQuery) => Promise<TablePage | undefined>} Ask resolves to undefined if nobody has the table
 */

/**
 * What a grid asks for, with its columns' places as their ids.
 * @param {Pick<IGetRowsParams, "startRow" | "endRow" | "sortModel" | "filterModel">} params
 * @returns {Required<TableQuery>}
 */
export function queryOf({ startRow, endRow, sortModel, filterModel }) {
  return {
    start: startRow,
    count: endRow - startRow,
    sort: sortModel.map(({ colId, sort }) => ({
      column: Number(colId),
      descending: sort === "desc",
    })),
    filters: Object.entries(filterModel ?? {}).map(([colId, { type, filter, filterTo }]) => ({
      column: Number(colId),
      operator: type,
      value: filter ?? null,
      to: filterTo ?? null,
    })),
  };
}

/** A value as a cell shows it. @param {unknown} value */
export function shown(value) {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
