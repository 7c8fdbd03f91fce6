// A notebook together with its files, as a ZIP: the notebook as .ipynb beside a folder `files`.

import { strToU8, unzipSync, zipSync } from "fflate";

import { fitPath, freePath } from "./names.js";

/** Bytes of all files together. A ZIP is made and read in memory. */
export const LARGEST_BUNDLE = 256 << 20;

const FOLDER = "files/";

/**
 * @param {string} name of the notebook's file, without its ending
 * @param {string} ipynb
 * @param {readonly { path: string, content: Blob, modifiedAt?: number }[]} files
 * @returns {Promise<Uint8Array<ArrayBuffer>>} rejects with what to do if they are too large
 */
export async function writeBundle(name, ipynb, files) {
  const size = files.reduce((sum, { content }) => sum + content.size, 0);
  if (size > LARGEST_BUNDLE) {
    throw new Error(
      `The files have ${inMegabytes(size)} together, and at most ${inMegabytes(LARGEST_BUNDLE)} can be exported with ` +
        "the notebook. Download the largest in the Files panel and delete them, or export the notebook alone as .ipynb.",
    );
  }
  /** @type {Record<string, Uint8Array>} */
  const entries = { [`${name}.ipynb`]: strToU8(ipynb) };
  for (const { path, content } of files) {
    entries[FOLDER + path] = new Uint8Array(await content.arrayBuffer());
  }
  return /** @type {Uint8Array<ArrayBuffer>} */ (zipSync(entries, { level: 1 }));
}

/**
 * @param {Uint8Array} bytes
 * @returns {{ name: string, ipynb: Uint8Array, files: { path: string, content: Blob }[] }}
 * @throws {Error} if this is no bundle; its paths lead nowhere but into the folder
 */
export function readBundle(bytes) {
  const entries = unzip(bytes);
  const names = Object.keys(entries);
  const notebook = names.find((name) => /^[^/]+\.ipynb$/i.test(name));
  if (notebook === undefined) {
    throw new Error(
      "This ZIP holds no notebook (.ipynb) at its top. Unpack it, and import or add what is in it.",
    );
  }
  const taken = new Set();
  const files = names.flatMap((name) => {
    if (!name.startsWith(FOLDER) || name.endsWith("/")) return [];
    const path = freePath(fitPath(name.slice(FOLDER.length)), taken);
    taken.add(path);
    return { path, content: new Blob([/** @type {any} */ (entries[name])]) };
  });
  return { name: notebook.replace(/\.ipynb$/i, ""), ipynb: entries[notebook], files };
}

/** @param {Uint8Array} bytes @returns {Record<string, Uint8Array>} */
function unzip(bytes) {
  let size = 0;
  const filter = (/** @type {{ originalSize: number }} */ { originalSize }) => {
    size += originalSize;
    if (size > LARGEST_BUNDLE) throw new Error(TOO_LARGE);
    return true;
  };
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (/** @type {Error} */ (error).message === TOO_LARGE) throw error;
    throw new Error("This is no ZIP that can be read. Export it again, and import the new one.", {
      cause: error,
    });
  }
}

const TOO_LARGE = `What is in this ZIP has more than ${inMegabytes(LARGEST_BUNDLE)}. Unpack it, import the notebook, and add the files.`;

/** @param {number} bytes */
function inMegabytes(bytes) {
  return `${Math.ceil(bytes / (1 << 20))} MB`;
}
