// Imports notebooks' files: each becomes a notebook of its own, which the browser keeps, named after the file. A single
// file opens in the notebook that is shown if that is empty.

/** @import { Signal } from "@preact/signals" */
/** @import { OpenNotebook } from "../../../js/types-notebook.d.ts" */
/** @import { Dialogs } from "../dialogs.js" */
/** @import { GivenFile } from "./dropped.js" */
/** @import { Folder } from "../folder/folder.js" */
/** @import { Session } from "../session.js" */

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import { messageOf } from "../../render/error.js";
import { addressOf, newNotebookId, rememberNotebook } from "../../storage/notebooks.js";
import { writeFiles } from "../../storage/folder/kept-files.js";
import { keepNew } from "../../storage/persisted.js";
import { chooseFiles } from "../files.js";
import { readBundle } from "../folder/bundle.js";
import { formatCount } from "../format.js";
import { filesOf } from "./dropped.js";

/** The most bytes of a file. */
const LARGEST = 64 << 20;
const ENDING = /\.ipynb$/i;
const BUNDLE = /\.zip$/i;
const LARGEST_ZIP = 257 << 20;

export class Imports {
  #page;

  /**
   * @param {object} page
   * @param {OpenNotebook} page.nb
   * @param {Dialogs} page.dialogs
   * @param {Session} page.session
   * @param {Folder} page.folder
   * @param {Signal<string>} page.panel
   * @param {Signal<string>} page.announcement
   */
  constructor(page) {
    this.#page = page;
  }

  async choose() {
    const accept = ".ipynb,.zip,application/x-ipynb+json,application/json";
    await this.take(await chooseFiles(accept, { multiple: true }));
  }

  /** Takes all notebooks of a folder and of those within it, but no checkpoints. */
  async chooseFolder() {
    const files = await chooseFiles("", { multiple: true, webkitdirectory: true });
    const shown = files.filter((file) => !file.webkitRelativePath.split("/").some(isHidden));
    await this.#takeNotebooks(shown, "in that folder");
  }

  /** Takes what is dropped on the page: notebooks are imported, and all else becomes files of this one. @param {DragEvent} event at the window */
  async drop(event) {
    const { dataTransfer, defaultPrevented } = event;
    if (defaultPrevented || !dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    try {
      const files = await filesOf(dataTransfer);
      const notebooks = files.filter(({ path }) => ENDING.test(path));
      if (notebooks.length > 0) await this.take(notebooks.map(({ content }) => content));
      const others = files.filter((file) => !notebooks.includes(file));
      if (others.length > 0) await this.#addFiles(others);
    } catch (error) {
      this.#page.session.trouble.value = messageOf(error);
    }
  }

  /** @param {readonly GivenFile[]} files */
  async #addFiles(files) {
    const { folder, panel } = this.#page;
    panel.value = "files";
    await folder.addFiles(async () => files);
  }

  /** @param {readonly File[]} files @param {string} where */
  async #takeNotebooks(files, where) {
    const notebooks = files.filter(({ name }) => ENDING.test(name));
    if (notebooks.length > 0) await this.take(notebooks);
    else this.#page.session.trouble.value = `There is no notebook (.ipynb) ${where}.`;
  }

  /** Imports files, and opens what they became. What cannot be read is said, each with its name. @param {readonly File[]} files */
  async take(files) {
    const { announcement, dialogs, session } = this.#page;
    /** @type {string[]} */
    const faults = [];
    /** @type {string[]} */
    const made = [];
    for (const file of files) {
      try {
        made.push(await this.#import(file, files.length === 1));
      } catch (error) {
        faults.push(files.length === 1 ? messageOf(error) : `${file.name}: ${messageOf(error)}`);
      }
    }
    session.trouble.value = faults.join(" ");
    if (made.length > 0) announcement.value = `${formatCount(made.length, "notebook")} imported.`;
    if (files.length > 1 && made.length > 0) dialogs.open({ name: "notebooks" });
    else if (made[0]) location.assign(addressOf(made[0]));
  }

  /** @param {File} file @param {boolean} mayBeHere @returns {Promise<string>} the id of its notebook; empty if it is here */
  async #import(file, mayBeHere) {
    if (BUNDLE.test(file.name)) return this.#importBundle(file);
    if (file.size > LARGEST) throw new Error(describeSize(file.size));
    const bytes = new Uint8Array(await file.arrayBuffer());
    const name = file.name.replace(ENDING, "");
    const { nb } = this.#page;
    if (mayBeHere && nb.order.length === 0) {
      nb.importIpynb(bytes, { name });
      return "";
    }
    return keepImported(name, bytes);
  }

  /** Imports a notebook with its files. @param {File} file */
  async #importBundle(file) {
    if (file.size > LARGEST_ZIP) throw new Error(describeSize(file.size, LARGEST_ZIP));
    const { name, ipynb, files } = readBundle(new Uint8Array(await file.arrayBuffer()));
    if (ipynb.length > LARGEST) throw new Error(describeSize(ipynb.length));
    const id = newNotebookId();
    await writeFiles(id, files);
    return keepImported(name, ipynb, id);
  }
}

/** @param {string} part of a path */
function isHidden(part) {
  return part.startsWith(".");
}

/** @param {string} name @param {Uint8Array} ipynb @returns {Promise<string>} the id of a new notebook */
async function keepImported(name, ipynb, id = newNotebookId()) {
  const store = memoryStore();
  const imported = openNotebook(store);
  imported.importIpynb(ipynb, { name });
  await keepNew(id, store.events());
  rememberNotebook(id, imported.title);
  return id;
}

/** @param {number} bytes */
function describeSize(bytes, limit = LARGEST) {
  const [has, most] = [bytes, limit].map((size) => Math.ceil(size / (1 << 20)));
  return `This file has ${has} MB, and at most ${most} MB can be opened. Clear its largest outputs in Jupyter, and import it again.`;
}
