// Saves and opens files.

/** @import { Actions } from "./actions.js" */
/** @import { Session } from "./session.js" */
/** @import { FileStore } from "../../js/types.d.ts" */
/** @import { OpenNotebook } from "../../js/types-notebook.d.ts" */

import { writeBundle } from "./folder/bundle.js";
import { messageOf } from "../render/error.js";
import { HIDDEN_CHARACTERS } from "../render/hidden.js";
import { LONGEST_TITLE } from "../storage/notebooks.js";
import { readRawLog } from "../storage/raw-log.js";

export class NotebookFiles {
  #page;

  /**
   * @param {object} page
   * @param {OpenNotebook} page.nb
   * @param {Actions} page.actions
   * @param {Session} page.session
   * @param {FileStore} page.fileStore
   */
  constructor(page) {
    this.#page = page;
  }

  /** Saves the notebook for Jupyter. */
  exportIpynb() {
    const { actions, nb } = this.#page;
    actions.settle();
    downloadIpynb(nb);
  }

  /** Saves the notebook with its files, as a ZIP. */
  async exportBundle() {
    const { actions, fileStore, nb, session } = this.#page;
    actions.settle();
    try {
      const bundle = await writeBundle(this.#name, nb.toIpynbText(), await fileStore.list());
      download(`${this.#name}.zip`, bundle, "application/zip");
    } catch (error) {
      session.trouble.value = messageOf(error);
    }
  }

  /** Saves the requests and answers of a run. @param {string} runId */
  async exportCassette(runId) {
    const text = await this.#page.session.cassette(runId);
    if (text === undefined) return;
    download(`${this.#name}.cassette.json`, `${text}\n`, "application/json");
  }

  /** Saves the file that a link in an output leads to. @param {string} link such as "data/my%20sales.csv" */
  async openLink(link) {
    const { fileStore, session } = this.#page;
    const files = await fileStore.list().catch(() => []);
    const wanted = [link, decoded(link)].map((path) => path.replace(/^(?:\.\/|\/home\/)/, ""));
    const file = files.find(({ path }) => wanted.includes(path));
    const name = file?.path.slice(file.path.lastIndexOf("/") + 1);
    if (file && name) download(name, file.content, "");
    else
      session.trouble.value = `The notebook has no file “${wanted[1].slice(0, 200)}”. The Files panel shows those it has.`;
  }

  get #name() {
    return fileName(this.#page.nb.title);
  }
}

/** Saves a notebook for Jupyter. @param {OpenNotebook} nb */
export function downloadIpynb(nb) {
  download(`${fileName(nb.title)}.ipynb`, nb.toIpynbText(), "application/x-ipynb+json");
}

/** Saves all that the browser holds of a notebook, as it is. @param {string} id */
export async function exportRawLog(id) {
  download(`notebook-${id}.raw-log.jsonl`, await readRawLog(id), "application/jsonl");
}

/** @param {string} name @param {BlobPart} content @param {string} type */
export function download(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Asks for a file. @param {string} accept @returns {Promise<string | undefined>} its text */
export async function chooseFile(accept) {
  const [file] = await chooseFiles(accept);
  return file?.text();
}

/**
 * Asks for files, or for a folder with all that is in it.
 * @param {string} accept
 * @param {{ multiple?: boolean, webkitdirectory?: boolean }} [options]
 * @returns {Promise<File[]>}
 */
export function chooseFiles(accept, { multiple = false, webkitdirectory = false } = {}) {
  const input = document.createElement("input");
  Object.assign(input, { type: "file", accept, multiple, webkitdirectory });
  return new Promise((resolve) => {
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}

/** @param {string} link */
function decoded(link) {
  try {
    return decodeURIComponent(link);
  } catch {
    return link; // it has a percent sign of its own
  }
}

const UNFIT = /[/\\:*?"<>|\n\t]+/g;

/** Makes a file name that is valid on every system, and reads as it is. @param {string} title */
export function fileName(title) {
  const fit = title.slice(0, LONGEST_TITLE).replace(HIDDEN_CHARACTERS, " ").replace(UNFIT, " ");
  return [...fit.trim()].slice(0, 80).join("").trim() || "notebook";
}
