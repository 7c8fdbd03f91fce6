// What a session asks a person, and what a page asks of the tables that the session has.

/** A question of a running cell: Python's input(), getpass() or sys.stdin. */
export interface Question {
  readonly id: string;
  readonly cellId: string;
  /** May be empty. */
  readonly prompt: string;
  /** Whether the answer is a password, which must not be shown. */
  readonly isSecret: boolean;
  /** Aborted when nobody waits for the answer any more: the cell was stopped, or Python restarted. */
  readonly signal: AbortSignal;
}

/** Which rows of a table are asked for: those that meet all filters, sorted by the first order, then by the next. */
export interface TableQuery {
  /** Default: 0. */
  readonly start?: number;
  /** Default: 100; at most 5,000. */
  readonly count?: number;
  /** Columns by their places. What is missing comes last. */
  readonly sort?: readonly { readonly column: number; readonly descending?: boolean }[];
  readonly filters?: readonly TableFilter[];
}

/**
 * What the values of a column must be. A text is compared without regard to case, with what the table shows. A range
 * goes from `value` to `to`, both of which are part of it.
 */
export interface TableFilter {
  readonly column: number;
  readonly operator:
    | "contains"
    | "notContains"
    | "startsWith"
    | "endsWith"
    | "equals"
    | "notEqual"
    | "lessThan"
    | "lessThanOrEqual"
    | "greaterThan"
    | "greaterThanOrEqual"
    | "inRange"
    | "blank"
    | "notBlank";
  readonly value?: string | number | null;
  readonly to?: number | null;
}

/** Rows of a table, each a list of values in the order of the columns; `total` is how many rows meet the filters. */
export interface TablePage {
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  readonly total: number;
}
