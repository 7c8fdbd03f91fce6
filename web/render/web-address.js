// Which addresses a page may link to.

/** @param {string} text @returns {URL | undefined} undefined if it is not one of the web */
export function webAddress(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && ["http:", "https:"].includes(url.protocol) && !url.username ? url : undefined;
}
