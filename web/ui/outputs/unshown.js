// Says of an output what the page cannot show of it: the best that it can show wins, and what is left is
// named in a sentence that a reader can act on.

/** @import { Bundle } from "../../../js/notebook/state/output.js" */

/** What is for programs beside what readers see. */
const FOR_PROGRAMS = /^application\/vnd\.(anode|runt-pyodide)\./;

/** The repr of an object that has none: it tells a reader nothing. */
const NO_REPR = /^<[\w.]+(?: object)?(?: at 0x[\da-f]+)?>$/i;

/** @type {[pattern: RegExp, what: string, hint: string][]} */
const KINDS = [
  [
    /^application\/vnd\.jupyter\.widget-(view|state)\+json$/,
    "an interactive widget",
    "Widgets need a live connection to Python, which this page does not have. Set values in code, and display the result.",
  ],
  [
    /^(application|text)\/(x-)?(java|ecma)script$/,
    "JavaScript",
    "The page runs no code from outputs. Plain HTML and SVG are shown, and charts of Plotly and Altair.",
  ],
  [/^application\/pdf$/, "a PDF document", "Write it to a file, and open that."],
  [
    /^application\/vnd\.(bokehjs|holoviews)_/,
    "a plot that needs its library's own JavaScript",
    "Charts of Plotly, Altair and Matplotlib are shown.",
  ],
];

/**
 * @typedef {object} Unshown
 * @property {string} sentence
 * @property {boolean} hidesText whether the plain text beside it says nothing more
 */

/**
 * @param {Bundle} bundle
 * @param {string | undefined} shown the type that is shown
 * @returns {Unshown | undefined} nothing if a reader misses nothing
 */
export function describeUnshown(bundle, shown) {
  if (shown !== undefined && shown !== "text/plain") return undefined;
  const left = Object.keys(bundle).filter((type) => type !== shown && !FOR_PROGRAMS.test(type));
  if (left.length === 0) return undefined;
  const text = shown === undefined ? "" : String(bundle[shown].data).trim();
  return { sentence: sentenceOf(left, bundle), hidesText: NO_REPR.test(text) };
}

/** @param {readonly string[]} types @param {Bundle} bundle */
function sentenceOf(types, bundle) {
  for (const [pattern, what, hint] of KINDS) {
    if (types.some((type) => pattern.test(type))) return `Not shown here: ${what}. ${hint}`;
  }
  const isElsewhere = types.every((type) => bundle[type].type === "artifact");
  const why = isElsewhere ? ", which is kept outside of this notebook" : "";
  const names = types.slice(0, 20).map((type) => type.slice(0, 100));
  return `Not shown here: an output of the type ${names.join(", ")}${why}.`;
}
