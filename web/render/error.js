// Errors in words.

/** What an error says. @param {unknown} error anything that was thrown */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
