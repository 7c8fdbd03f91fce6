// node ask_in_node.mjs PYODIDE LOCK_FILE < source.py: runs the source in the Pyodide of that folder, with the packages
// that the lock file names, and prints what it leaves in `described`.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [folder, lockFile] = process.argv.slice(2);
const { loadPyodide } = await import(join(folder, "pyodide.mjs"));
const pyodide = await loadPyodide({
  indexURL: `${folder}/`,
  lockFileURL: lockFile,
  packageBaseUrl: `${dirname(lockFile)}/`,
  stdout: () => {},
});
await pyodide.loadPackage("runt-pyodide", { messageCallback: () => {} });
await pyodide.runPythonAsync(readFileSync(0, "utf8"));
process.stdout.write(pyodide.globals.get("described"));
