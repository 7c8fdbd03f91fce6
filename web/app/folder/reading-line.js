// The lines of Python that read a file. Its path stands in them as a literal, whatever letters it has.

import { partName } from "./names.js";

/**
 * @param {string} path in the notebook's folder
 * @param {boolean} hasPandas
 * @returns {string} Python code
 */
export function readingLine(path, hasPandas) {
  const name = literal(path);
  const ending = partName(path)[1].toLowerCase();
  const withPandas = hasPandas && PANDAS[ending];
  if (withPandas) return `import pandas as pd\n\ndata = pd.${withPandas(name)}\ndata`;
  const lines = PLAIN[ending] ?? (isBinary(ending) ? binary : text);
  return lines(name);
}

/** A string of Python: what JSON makes of a text is one. @param {string} value */
export function literal(value) {
  return JSON.stringify(value).replace(/[\u2028\u2029\p{Bidi_Control}]/gu, escape);
}

/** @param {string} letter */
function escape(letter) {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** @type {Record<string, (name: string) => string>} */
const PANDAS = {
  ".csv": (name) => `read_csv(${name})`,
  ".tsv": (name) => `read_csv(${name}, sep="\\t")`,
  ".xlsx": (name) => `read_excel(${name})`,
  ".parquet": (name) => `read_parquet(${name})`,
};

/** @param {string} name @param {string} [options] */
const csv = (name, options = "") =>
  `import csv\n\nwith open(${name}, newline="", encoding="utf-8-sig") as file:\n    rows = list(csv.DictReader(file${options}))\nrows[:5]`;

/** @param {string} name */
const picture = (name) => `from IPython.display import Image\n\nImage(${name})`;

/** @type {Record<string, (name: string) => string>} */
const PLAIN = {
  ".csv": csv,
  ".tsv": (name) => csv(name, ', delimiter="\\t"'),
  ".json": (name) =>
    `import json\n\nwith open(${name}, encoding="utf-8") as file:\n    data = json.load(file)\ndata`,
  ".svg": (name) => `from IPython.display import SVG\n\nSVG(${name})`,
  ".png": picture,
  ".jpg": picture,
  ".jpeg": picture,
  ".gif": picture,
};

const BINARY = /^\.(?:xlsx?|parquet|feather|zip|gz|pdf|npy|npz|db|sqlite|bin|h5|wav|mp3|mp4|whl)$/;

/** @param {string} ending */
function isBinary(ending) {
  return BINARY.test(ending);
}

/** @param {string} name */
function binary(name) {
  return `with open(${name}, "rb") as file:\n    data = file.read()\nlen(data)`;
}

/** @param {string} name */
function text(name) {
  return `with open(${name}, encoding="utf-8") as file:\n    text = file.read()\nprint(text[:1000])`;
}
