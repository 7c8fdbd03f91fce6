// Given to startRuntime in Pyodide's place: the benchmark wants to look into the Python that it starts.

/** @param {object} options */
export async function loadPyodide(options) {
  const indexURL = new URL("/pyodide/", location.href).href;
  const { loadPyodide } = await import(`${indexURL}pyodide.mjs`);
  const pyodide = await loadPyodide({ ...options, indexURL });
  globalThis.benchPyodide = pyodide;
  return pyodide;
}
