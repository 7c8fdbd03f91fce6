// Reads a table from an output: a data resource of Frictionless Data, as pandas and this project's Python write it.

/** @import { Column, Row } from "../../grid/query.js" */

export const DATA_RESOURCE = "application/vnd.dataresource+json";

/**
 * @typedef {object} TableData
 * @property {Column[]} columns
 * @property {Row[]} rows
 * @property {number | undefined} total the number of all rows; undefined if nobody knows
 * @property {number} width the number of all columns
 * @property {string | undefined} id by which a runtime may have all rows
 */

/**
 * @param {unknown} data
 * @param {any} [metadata]
 * @returns {TableData | undefined} nothing if it is no table
 */
export function readTable(data, metadata = {}) {
  const { schema, data: rows } = /** @type {any} */ (data ?? {});
  const fields = schema?.fields;
  if (!Array.isArray(fields) || !Array.isArray(rows) || fields.length === 0) return undefined;
  if (!fields.every((field) => typeof field?.name === "string")) return undefined;
  const index = [schema.primaryKey ?? []].flat();
  const names = fields.map(({ name }) => name);
  const columns = fields.map((field) => columnOf(field, index));
  const own = ownOf(columns);
  const { rows: total = rows.length, columns: width = own, id } = metadata ?? {};
  return {
    columns,
    rows: rows.map((row) => valuesOf(row, names)),
    total: typeof total === "number" ? Math.max(total, rows.length) : undefined,
    width: typeof width === "number" ? Math.max(width, own) : own,
    id: typeof id === "string" ? id : undefined,
  };
}

/** @param {any} field @param {unknown[]} index @returns {Column} */
function columnOf({ name, type, dtype, missing }, index) {
  const kind = typeof type === "string" ? type : "any";
  const words = [typeof dtype === "string" ? dtype : kind];
  if (typeof missing === "number") words.push(`${missing.toLocaleString("en")} missing`);
  return { name, type: kind, about: words.join(", "), isIndex: index.includes(name) };
}

/** @param {unknown} row an object by the columns' names, or a list @param {string[]} names @returns {Row} */
function valuesOf(row, names) {
  if (Array.isArray(row)) return names.map((_, place) => row[place] ?? null);
  if (typeof row !== "object" || row === null) return names.map(() => null);
  const values = new Map(Object.entries(row));
  return names.map((name) => values.get(name) ?? null);
}

/**
 * What is said below a table.
 * @param {TableData} table
 * @param {{ hasAll: boolean, count: number | undefined }} state whether all rows can be paged through, and how many
 *   meet the filters, if there are any
 */
export function describeTable({ rows, columns, total, width, id }, { hasAll, count }) {
  const kept = rows.length;
  const all = total ?? kept;
  const own = ownOf(columns);
  const few = own < width ? `the first ${own} of ` : "";
  const size = `${counted(all, "row")}, ${few}${counted(width, "column")}`;
  const matching = count !== undefined && count !== (hasAll ? all : kept);
  const found = matching ? `${counted(count, "row")} found. ` : "";
  if (total === undefined)
    return `${found}The first ${counted(kept, "row")} are shown; there are more. Give the cell's result a name to have all.`;
  if (hasAll || kept === total) return `${found}${size}`;
  const rest = id === undefined ? "" : " Run the cell to page through all.";
  return `${found}The first ${kept.toLocaleString("en")} of ${size} are kept.${rest}`;
}

/** How many columns there are besides those that name the rows. @param {readonly Column[]} columns */
const ownOf = (columns) => columns.filter(({ isIndex }) => !isIndex).length;

/** @param {number} number @param {string} what */
function counted(number, what) {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}
