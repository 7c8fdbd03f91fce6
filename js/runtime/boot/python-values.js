// What comes from Python, as JavaScript needs it.

/**
 * Awaits what an async Python function returned, and destroys its proxy.
 * @param {any} awaitable
 */
export async function settled(awaitable) {
  try {
    return await awaitable;
  } finally {
    awaitable?.destroy?.();
  }
}

/**
 * Returns an error's message. That of a Python exception is its whole traceback, whose last line says what
 * happened.
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  if (!(error instanceof Error)) return String(error);
  if (error.constructor.name !== "PythonError") return error.message || error.name;
  const line = error.message.trimEnd().split("\n").at(-1) ?? error.name;
  return line.replace(/^(?:\w+\.)+(?=\w+:)/, ""); // "package.module.SomeError: ..."
}
