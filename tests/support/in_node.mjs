// node in_node.mjs PYODIDE LOCK_FILE < source.py: runs the source in the Pyodide of that folder, with the wheel and all
// that it needs from the lock file, and prints what it leaves in `described`. Where the lock file is the name of a wheel,
// its files alone are there, in /wheel: for a Pyodide that our packages are not built for.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";

const [folder, file] = process.argv.slice(2);
const { loadPyodide } = await import(join(folder, "pyodide.mjs"));
const options = { indexURL: `${folder}/`, stdout: () => {} };
const messages = { messageCallback: () => {} };
let pyodide;
if (file.endsWith(".whl")) {
  pyodide = await loadPyodide(options);
  pyodide.unpackArchive(readFileSync(file).buffer, "wheel", { extractDir: "/wheel" });
} else {
  pyodide = await loadPyodide({
    ...options,
    lockFileURL: file,
    packageBaseUrl: `${dirname(file)}/`,
  });
  await pyodide.loadPackage("runt-pyodide", messages);
}
await pyodide.runPythonAsync(readFileSync(0, "utf8"));
process.stdout.write(pyodide.globals.get("described"));
// The connections of what was aborted are kept open for a while.
process.stdout.end(() => process.exit(0));
