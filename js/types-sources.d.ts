// The types of what concerns sources of cells: merging what more than one has written, and what Python knows of a source.

import type { CellRef } from "./types-notebook.d.ts";
import type { JsonObject } from "./types.d.ts";

/** A source that two have changed, with the changes of both. */
export interface MergedSource {
  readonly source: string;
  /** Both have changed the same lines: both versions are in it, mine first. */
  readonly isConflict: boolean;
}

/** The characters from `from` up to `to`, in UTF-16 units, become `insert`. */
export interface SourceChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

export interface SourceEdits {
  /**
   * Sets a cell's source. With `base`, the source that `source` was made from, what others have written since
   * is merged into it, as by `mergeSource`; without it, that is replaced.
   * @returns what was written
   * @throws if there is no such cell, as do all methods that take one
   */
  setSource(cell: CellRef, source: string, options?: { base?: string }): MergedSource;
  /**
   * Calls a function, and commits all that it writes in one piece, of which `subscribe` tells once.
   * @returns what it returns
   */
  together<T>(act: () => T): T;
}

/**
 * Merges two sources that were made from one, line by line: changes of different lines are both made; of lines
 * that both have changed both versions stay, mine first. No new line is lost. What both have added at one place
 * comes once. Sources of any size take linear time, save what is compared of up to 1,000 lines by 1,000.
 * @param base the last source that both knew
 */
export function mergeSource(base: string, mine: string, theirs: string): MergedSource;

/**
 * The smallest spans that turn one source into another, in order, with places in the source before: an editor
 * that applies them keeps its cursor and its selection.
 */
export function sourceChanges(before: string, after: string): SourceChange[];

/** Completions at a place in a source: Jupyter's complete_reply. Places are counted as in `complete`. */
export interface CompleteReply {
  readonly status: "ok";
  /** Each may replace the text from cursorStart to cursorEnd. */
  readonly matches: readonly string[];
  readonly cursorStart: number;
  readonly cursorEnd: number;
  readonly metadata: {
    /** One for each match, in the same order; the type is one of jedi's, or "<unknown>". */
    readonly _jupyter_types_experimental: readonly {
      readonly text: string;
      readonly type: string;
      readonly signature: string;
      readonly start: number;
      readonly end: number;
    }[];
  };
}

/** What is known about a name in a source: Jupyter's inspect_reply. */
export interface InspectReply {
  readonly status: "ok";
  readonly found: boolean;
  /** By MIME type: text/plain, and text/html, which must not be trusted. */
  readonly data: { readonly [mime: string]: string };
  readonly metadata: JsonObject;
}
