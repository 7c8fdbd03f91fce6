// With a real Python: whatever a file is called, its name is a name, and never code.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { loadPyodide } from "pyodide";

import { readingLine } from "../../../../web/app/folder/reading-line.js";

const indexURL = fileURLToPath(new URL(".", import.meta.resolve("pyodide")));
const python = await loadPyodide({ indexURL });

/** The strings in code, as Python reads them. @param {string} code @returns {string[]} */
function stringsIn(code) {
  python.globals.set("code", code);
  const found = python.runPython(`
import ast
[one.value for one in ast.walk(ast.parse(code)) if isinstance(one, ast.Constant) and isinstance(one.value, str)]`);
  return found.toJs();
}

/** @param {string} code @returns {number} calls in it, from which a name that became code would show */
function callsIn(code) {
  python.globals.set("code", code);
  return python.runPython(
    "import ast\nsum(isinstance(one, ast.Call) for one in ast.walk(ast.parse(code)))",
  );
}

const NAMES = [
  ..."a b.csv|\"), print(\"x|\\\\|\\|' + x + '|😀|{x}|%s|ü/é|#|\u2028x|\u202ecsv.exe|\\N{BULLET}|\\x41".split(
    "|",
  ),
  ...['""" + 1 + """', "a\u0085b", "\ufeff"],
];

test("a file's name stands in the code as one string, and adds nothing to it", () => {
  for (const ending of [
    ".txt",
    ".csv",
    ".tsv",
    ".json",
    ".png",
    ".svg",
    ".xlsx",
    ".parquet",
    ".zip",
  ]) {
    for (const hasPandas of [false, true]) {
      const calls = callsIn(readingLine(`a${ending}`, hasPandas));
      for (const name of NAMES) {
        const code = readingLine(name + ending, hasPandas);
        assert.ok(stringsIn(code).includes(name + ending), code);
        assert.equal(callsIn(code), calls, code);
      }
    }
  }
});

test("pandas reads what it reads best if it can be had, and else the standard library", () => {
  assert.match(readingLine("a.csv", true), /pd\.read_csv\("a\.csv"\)/);
  assert.match(readingLine("a.csv", false), /csv\.DictReader/);
  assert.match(readingLine("a.json", true), /json\.load/);
  assert.match(readingLine("data/A.PNG", false), /Image\("data\/A\.PNG"\)/);
});
