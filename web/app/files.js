// Files that go out of the page and come in.

/** @param {string} name @param {string} text @param {string} type */
export function download(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Asks for a file. @param {string} accept @returns {Promise<string | undefined>} its text */
export function chooseFile(accept) {
  const { promise, resolve } = Promise.withResolvers();
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accept;
  input.onchange = () => resolve(input.files?.[0]?.text());
  input.oncancel = () => resolve(undefined);
  input.click();
  return promise;
}

// eslint-disable-next-line no-control-regex
const UNFIT = /[\u0000-\u001f/\\:*?"<>|]+/g;

/** What a file may be called on every system. @param {string} title */
export function fileName(title) {
  return title.replace(UNFIT, " ").trim().slice(0, 80) || "notebook";
}
