// The notebooks that this browser keeps, as the page shows and changes them. Their list is shared by all tabs.

/** @import { Signal } from "@preact/signals" */
/** @import { OpenNotebook } from "../../../js/types-notebook.d.ts" */
/** @import { Kept } from "../../storage/notebooks.js" */
/** @import { Size } from "../../storage/sizes.js" */

import { signal } from "@preact/signals";

import { memoryStore } from "../../../js/index.js";
import { openNotebook } from "../../../js/notebook/index.js";
import {
  finishDeletion,
  finishDue,
  planDeletion,
  undoDeletion,
  withNotebook,
} from "../../storage/deletions.js";
import {
  isOfList,
  listNotebooks,
  newNotebookId,
  notebookOf,
  rememberNotebook,
  retitleNotebook,
} from "../../storage/notebooks.js";
import { copyFiles } from "../../storage/folder/kept-files.js";
import { keepNew, withPersisted } from "../../storage/persisted.js";
import { sizeOf } from "../../storage/sizes.js";
import { messageOf } from "../../render/error.js";
import { downloadIpynb } from "../files.js";
import { turnOf } from "../session.js";
import { copyTitle } from "./titles.js";

export class KeptNotebooks {
  /** Those that are to be deleted are among them. @type {Signal<readonly Kept[]>} */
  all = signal(listNotebooks());
  /** By id, as far as they are known. @type {Signal<ReadonlyMap<string, Size>>} */
  sizes = signal(new Map());
  /** The ids of those for which a tab runs Python. @type {Signal<ReadonlySet<string>>} */
  inUse = signal(new Set());
  /** The one whose title is being typed. */
  renaming = signal("");
  /** The one in the list that should take the focus; empty once it has. */
  wanted = signal("");
  /** Why what a person tried last could not be done; empty if it was. */
  problem = signal("");
  #page;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{ nb: OpenNotebook, notebookId: string | null }} page */
  constructor(page) {
    this.#page = page;
  }

  /** Takes over what another tab has changed. @param {EventTarget} events of the browser's storage */
  followTabs(events) {
    events.addEventListener("storage", (event) => {
      if (isOfList(/** @type {StorageEvent} */ (event).key)) this.refresh();
    });
    this.refresh();
  }

  /** Reads the list anew, and deletes what it is time for. */
  refresh() {
    clearTimeout(this.#timer);
    const read = () => (this.all.value = listNotebooks());
    const next = finishDue(read);
    if (next < Infinity) this.#timer = setTimeout(() => this.refresh(), next);
    read();
  }

  /** Finds out what the list shows besides titles, one notebook after the other. */
  async look() {
    this.refresh();
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    const names = new Set(held.map(({ name }) => name));
    const listed = this.all.peek();
    this.inUse.value = new Set(listed.flatMap(({ id }) => (names.has(turnOf(id)) ? id : [])));
    for (const { id } of listed) await this.#measure(id);
  }

  /** Does what a person wants; if that fails, `problem` says why. @param {() => Promise<unknown>} work */
  async attempt(work) {
    this.problem.value = "";
    await work().catch((error) => (this.problem.value = messageOf(error)));
    this.refresh();
  }

  /** @param {string} id @param {string} title */
  async rename(id, title) {
    if (id === this.#page.notebookId) return this.#page.nb.setTitle(title);
    await withNotebook(id, async () => {
      await withPersisted(id, (store) => {
        store.commit({ name: "v1.NotebookTitleChanged", args: { title } });
      });
      retitleNotebook(id, title);
    });
  }

  /** Makes a copy of a notebook, which takes the focus. @param {string} id */
  async duplicate(id) {
    const copy = newNotebookId();
    const title = copyTitle(
      notebookOf(id)?.title ?? "",
      this.all.peek().map((kept) => kept.title),
    );
    await withNotebook(id, async () => {
      const events = await withPersisted(id, (store) => store.events());
      const renamed = { name: /** @type {const} */ ("v1.NotebookTitleChanged"), args: { title } };
      await keepNew(copy, [...events, ...memoryStore([renamed]).events()]);
      await copyFiles(id, copy);
    });
    rememberNotebook(copy, title);
    this.wanted.value = copy;
    void this.#measure(copy);
  }

  /** Saves a notebook for Jupyter. @param {string} id */
  async export(id) {
    const events = await withNotebook(id, () => withPersisted(id, (store) => store.events()));
    downloadIpynb(openNotebook(memoryStore(events)));
  }

  /** Deletes a notebook, unless that is undone. @param {string} id */
  delete(id) {
    planDeletion(id);
    this.refresh();
  }

  /** @param {string} id of a notebook whose deletion is planned */
  async undo(id) {
    await undoDeletion(id);
  }

  /** Deletes a notebook at once whose deletion is planned. @param {string} id */
  async finish(id) {
    await finishDeletion(id);
  }

  /** @param {string} id */
  async #measure(id) {
    const size = await sizeOf(id);
    if (size) this.sizes.value = new Map([...this.sizes.peek(), [id, size]]);
  }
}
