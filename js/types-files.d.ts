// The types of a notebook's files: its folder, which Python sees at /home.

/** A file, by its path in the notebook's folder, such as "data/sales.csv". */
export interface StoredFile {
  readonly path: string;
  readonly content: Blob;
  /** In ms since 1970. */
  readonly modifiedAt: number;
}

/** A file that is written, or deleted: then its content is null. */
export interface FileChange {
  readonly path: string;
  readonly content: Blob | null;
  /** Default: now. */
  readonly modifiedAt?: number;
}

/** @param source who made the changes, as `write` was told */
export type FileListener = (changes: readonly FileChange[], source?: unknown) => void;

/**
 * Where a notebook's files are. What a Blob holds must stay as it is, also while another version of its file is written:
 * Python reads it piece by piece, when a cell does.
 */
export interface FileStore {
  /** Returns all files, once what was written before is among them. */
  list(): Promise<readonly StoredFile[]>;
  /** Makes all of the changes, or rejects and makes none; then tells the listeners, with the source. */
  write(changes: readonly FileChange[], source?: unknown): Promise<void>;
  /** @returns a function that ends the subscription */
  subscribe(listener: FileListener): () => void;
}

/**
 * A FileStore in memory.
 * @throws TypeError for a path that leads out of the folder, or has empty names or control characters; `write` rejects
 *   with the same
 */
export function memoryFiles(initial?: readonly FileChange[]): FileStore;

/** Returns why a path cannot be one of a file in the folder, as a sentence; an empty string if it can. */
export function faultOfPath(path: unknown): string;

/** Reads what `write` of a FileStore is given. @throws TypeError for what are no changes, and for a path that cannot be */
export function checkFileChanges(changes: unknown): readonly FileChange[];

// ---- What a session asks a person, and what a page asks of its tables ----

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
