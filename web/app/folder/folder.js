// The notebook's folder as the page shows and changes it. Python sees each change, and the page what Python changes.

/** @import { Signal } from "@preact/signals" */
/** @import { FileChange, FileStore, StoredFile } from "../../../js/types.d.ts" */
/** @import { GivenFile } from "../kept/dropped.js" */

import { computed, signal } from "@preact/signals";

import { faultOfPath } from "../../../js/index.js";
import { messageOf } from "../../render/error.js";
import { formatCount } from "../format.js";
import { fitPath, freePath } from "./names.js";

/** A problem, and what a person tried, which may be tried again. @typedef {{ text: string, again?: () => Promise<unknown> }} Problem */

export class Folder {
  /** By their paths. @type {Signal<ReadonlyMap<string, StoredFile>>} */
  files = signal(new Map());
  paths = computed(() => [...this.files.value.keys()].sort((a, b) => a.localeCompare(b)));
  /** @type {Signal<Problem>} */
  problem = signal({ text: "" });
  /** What was done last that a person may not expect, such as another name. */
  notice = signal("");
  /** The files that were deleted and can be put back, the last at the end. @type {Signal<readonly StoredFile[]>} */
  deleted = signal([]);
  /** Bytes that this site uses and may use; undefined if the browser does not say. @type {Signal<{ usage: number, quota: number } | undefined>} */
  room = signal(undefined);
  /** The one whose beginning is shown, and the one whose name is being typed. */
  shown = signal("");
  renaming = signal("");
  #store;
  #announcement;

  /**
   * @param {FileStore} store
   * @param {boolean} isKept whether the browser keeps the files
   * @param {Signal<string>} announcement
   */
  constructor(store, isKept, announcement) {
    this.#store = store;
    this.isKept = isKept;
    this.#announcement = announcement;
    store.subscribe((changes) => this.#follow(changes));
  }

  /** Reads the list anew. If that fails, `problem` says why. */
  async refresh() {
    await this.#attempt("The files could not be read", async () => {
      const files = await this.#store.list();
      this.files.value = new Map(files.map((file) => [file.path, file]));
    });
    await this.#measure();
  }

  async #measure() {
    const { usage, quota } = (await globalThis.navigator?.storage?.estimate?.()) ?? {};
    this.room.value = usage === undefined || quota === undefined ? undefined : { usage, quota };
  }

  /**
   * Adds files under names that are free.
   * @param {readonly { path: string, content: Blob }[]} given
   * @returns {Promise<string[]>} their paths; none if they could not be stored
   */
  async add(given) {
    // Of the store, not of what is shown: that may not have been read yet, and nothing may be written over.
    const taken = new Set();
    const isRead = await this.#attempt("Nothing was added", async () => {
      for (const { path } of await this.#store.list()) taken.add(path);
    });
    if (!isRead) return [];
    const changes = given.map(({ path, content }) => {
      const free = freePath(fitPath(path), taken);
      taken.add(free);
      return { path: free, content, modifiedAt: Date.now() };
    });
    const renamed = changes.filter(({ path }, place) => path !== given[place].path);
    const isDone = await this.#write(`${namesOf(given)} not stored`, changes);
    if (!isDone) return [];
    this.notice.value = renamed
      .map(({ path }) => `Stored as “${path}”, since the name it had is taken or cannot be used.`)
      .join(" ");
    this.#announcement.value = `${formatCount(changes.length, "file")} added.`;
    return changes.map(({ path }) => path);
  }

  /** Adds what a person has chosen or dropped. @param {() => Promise<readonly GivenFile[]>} choose */
  async addFiles(choose) {
    await this.#attempt("Nothing was added", async () => {
      const files = await choose();
      if (files.length > 0) await this.add(files);
    });
    await this.#measure();
  }

  /** Gives a file another name. @param {string} from @param {string} to @returns {Promise<boolean>} whether it has it */
  async rename(from, to) {
    const file = this.files.peek().get(from);
    if (!file || from === to) return true;
    const fault = faultOfPath(to) || (this.files.peek().has(to) ? `There is a file “${to}”.` : "");
    if (fault) {
      this.problem.value = { text: `“${from}” keeps its name. ${fault} Type another name.` };
      return false;
    }
    return this.#write(`“${from}” was not renamed`, [
      { path: from, content: null },
      { ...file, path: to },
    ]);
  }

  /** Deletes a file; `undo` puts it back. @param {string} path */
  async remove(path) {
    const file = this.files.peek().get(path);
    if (!file || !(await this.#write(`“${path}” was not deleted`, [{ path, content: null }])))
      return;
    this.deleted.value = [...this.deleted.peek(), file];
  }

  /** Puts back the file that was deleted last. */
  async undo() {
    const last = this.deleted.peek().at(-1);
    if (!last) return;
    const path = freePath(last.path, new Set(this.files.peek().keys()));
    if (await this.#write(`“${path}” was not put back`, [{ ...last, path }])) {
      this.deleted.value = this.deleted.peek().slice(0, -1);
    }
  }

  /** Gives up what was deleted. */
  forget() {
    this.deleted.value = [];
  }

  /** @param {readonly FileChange[]} changes */
  #follow(changes) {
    const files = new Map(this.files.peek());
    for (const { path, content, modifiedAt = Date.now() } of changes) {
      if (content === null) files.delete(path);
      else files.set(path, { path, content, modifiedAt });
    }
    this.files.value = files;
  }

  /** @param {string} failure @param {readonly FileChange[]} changes */
  #write(failure, changes) {
    return this.#attempt(failure, () => this.#store.write(changes));
  }

  /** @param {string} failure @param {() => Promise<unknown>} work @returns {Promise<boolean>} whether it succeeded */
  async #attempt(failure, work) {
    try {
      this.problem.value = { text: "" };
      await work();
      return true;
    } catch (error) {
      const again = () => this.#attempt(failure, work);
      this.problem.value = { text: `${failure}: ${messageOf(error)}`, again };
      return false;
    }
  }
}

/** @param {readonly { path: string }[]} files */
function namesOf(files) {
  return files.length === 1
    ? `“${files[0].path}” was`
    : `${formatCount(files.length, "file")} were`;
}
