// Keys as people paste them: with the name of a variable or a header, quotes and blanks around. The counterpart of
// runt_pyodide/llm/access/key.py, for keys that Python is not given.

const QUOTES = /^["'`<>()[\]“”„‘’‚«»]+|["'`<>()[\]“”„‘’‚«»]+$/g;
const INVISIBLE = /^[\p{Zs}\p{Zl}\p{Zp}\p{Cc}\p{Cf}]+|[\p{Zs}\p{Zl}\p{Zp}\p{Cc}\p{Cf}]+$/gu;
const BEFORE = new RegExp(
  "^(?:" +
    [
      String.raw`(?:(?:export|setx?)\s+|\$env:)[A-Za-z_]\w*\s*[=\s]\s*`,
      String.raw`(?:-H|--header)\s+`,
      String.raw`[A-Z][A-Z0-9_]*_[A-Z0-9_]*\s*=\s*(?==*[^=])`,
      String.raw`[?&]?[A-Za-z]\w{0,40}\s*=\s*(?=[^=].{15})`,
      String.raw`(?:-{1,2})?api[ _-]?(?:key|token)\s*[:\s]\s*(?=.{8})|token\s+(?=.{8})`,
      String.raw`[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET)\s*=\s*$`,
      String.raw`\w*(?:key|token|secret)["']?\s*=\s*(?==*[^=])`,
      String.raw`\w*(?:key|token|secret)["']?\s*:\s+`,
      String.raw`(?:proxy-)?authorization\s*:\s*|(?:x-|x-goog-)?api-key\s*:\s*`,
      String.raw`bearer(?:\s+|$)`,
    ].join("|") +
    ")",
  "i",
);

/** The key that a person means; empty if there is none in the text. @param {string} text */
export function cleanKey(text) {
  let key = text;
  for (let before = ""; key !== before;) {
    before = key;
    key = key
      .replace(INVISIBLE, "")
      .replace(QUOTES, "")
      .replace(/[,;]+$/, "");
    key = key.replace(BEFORE, "");
  }
  return key;
}

/** Whether a header can hold it. @param {string} key */
export function isSendable(key) {
  return /^[!-~]+$/.test(key);
}
