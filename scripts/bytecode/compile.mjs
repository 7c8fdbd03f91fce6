// Compiles the modules that a page imports at first, in a folder with a Pyodide and its wheels, which is named on
// the command line. The rest stays source, since bytecode is bigger. Whoever calls this writes the lock file anew.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2]);
const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")).href);

// Without columns of expressions the bytecode is a seventh smaller.
const env = { HOME: "/home", PYTHONNODEBUGRANGES: "1" };
const pyodide = await loadPyodide({ indexURL: `${folder}/`, env });
await pyodide.loadPackage(["runt-pyodide", "ipython"], { messageCallback() {} });
for (const file of ["boot.py", "archives.py"]) {
  pyodide.runPython(readFileSync(resolve(here, file), "utf-8"));
}
pyodide.globals.set("modules", await pyodide.runPythonAsync("await modules_of_a_boot()"));
pyodide.mountNodeFS("/folder", folder);
pyodide.runPython("import site, sys; from pathlib import Path");
for (const name of readdirSync(folder)) {
  if (name === "python_stdlib.zip")
    compile(name, "next(p for p in sys.path if p.endswith('.zip'))");
  if (name.endsWith(".whl")) compile(name, "site.getsitepackages()[0]");
}
process.exit(); // Python's event loop would keep the process alive

/** @param {string} name @param {string} target Python for the place from which it will be imported */
function compile(name, target) {
  pyodide.runPython(
    `compile_archive(Path("/folder", ${JSON.stringify(name)}), ${target}, modules)`,
  );
}
