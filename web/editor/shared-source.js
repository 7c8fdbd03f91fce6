// The text in an editor, beside the cell's source in the store: what a person types is committed a little later, and
// others write meanwhile. An editor's line breaks are "\n"; a source may have others.

import { mergeSource } from "../../js/notebook/index.js";

export class SharedSource {
  /** The source that the text was made from: the last one that came from the store. */
  base;
  text;

  /** @param {string} source */
  constructor(source) {
    this.base = source;
    this.text = withPlainBreaks(source);
  }

  /** Whether a person has typed what is not in the store yet. */
  get isAhead() {
    return this.text !== withPlainBreaks(this.base);
  }

  /**
   * Takes a source that is in the store now: as it is or, if a person is typing, merged with the text.
   * @param {string} source
   * @returns {{ isConflict: boolean } | undefined} if it was merged
   */
  receive(source) {
    const { base, text } = this;
    if (source === base) return undefined;
    if (!this.isAhead || text === withPlainBreaks(source)) {
      this.replace(source);
      return undefined;
    }
    const merged = mergeSource(base, text, source);
    this.base = source;
    this.text = withPlainBreaks(merged.source);
    return { isConflict: merged.isConflict };
  }

  /** Takes a source in place of the text. @param {string} source */
  replace(source) {
    this.base = source;
    this.text = withPlainBreaks(source);
  }
}

/** @param {string} source */
function withPlainBreaks(source) {
  return source.replace(/\r\n?/g, "\n");
}
