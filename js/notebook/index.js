// The package's entry for pages that show a notebook or write to one. See types-notebook.d.ts.

export { compactLog } from "./compact/compact.js";
export { withAttachments as shownSource } from "./ipynb/attachments.js";
export { sourceChanges } from "./merge/chunks.js";
export { mergeSource } from "./merge/merge.js";
export { openNotebook } from "./open-notebook.js";
export { LARGEST_IMAGE, REASONING_EFFORTS, imageType } from "./state/cell-settings.js";
