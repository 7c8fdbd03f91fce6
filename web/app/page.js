// The page as its components use it: its parts, and how they are connected.

/** @import { EventStore, TestConfig } from "../../js/types.d.ts" */
/** @import { Helper } from "../editor/assist.js" */

import { signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import { Actions } from "./actions.js";
import { Ai, browserStorages } from "../providers/ai.js";
import { Cells } from "./cells.js";
import { Clipboard } from "./editing/clipboard.js";
import { Find } from "./editing/find.js";
import { Notice } from "./editing/notice.js";
import { View } from "./editing/view.js";
import { Dialogs } from "./dialogs.js";
import { Folder } from "./folder/folder.js";
import { FolderCells } from "./folder/folder-cells.js";
import { memoryFiles } from "../../js/index.js";
import { openNotebook } from "../../js/notebook/index.js";
import { NotebookFiles } from "./files.js";
import { Focus } from "./focus.js";
import { KeptNotebooks } from "./kept/notebooks.js";
import { Imports } from "./kept/imports.js";
import { TEST } from "../providers/kinds.js";
import { Merges } from "./merges.js";
import { Pictures } from "./pictures.js";
import { Session } from "./session.js";
import { SignIn } from "../providers/sign-in.js";
import { NotebookSignals } from "./signals.js";
import { KeptFiles } from "../storage/folder/kept-files.js";
import { KeptStore } from "../storage/kept-store.js";

const HELD = "Not run: the page was closed or reloaded before it was its turn.";

/**
 * A provider's name, and one of its models; if the model is empty, the provider chooses.
 * @typedef {{ provider: string, model: string }} Choice
 */

export class Page {
  focus = new Focus();
  dialogs = new Dialogs();
  /** Read out by screen readers, for example when a cell has ended. */
  announcement = signal("");
  notice = new Notice(this.announcement);
  /** The panel beside the notebook that is open; empty if none is. */
  panel = signal("");

  /**
   * @param {EventStore} store
   * @param {TestConfig} testConfig
   * @param {string | null} notebookId of a notebook that this browser keeps, whose tabs share one Python
   */
  constructor(store, testConfig, notebookId = null) {
    this.notebookId = notebookId;
    /** Tells whether the notebook is kept; undefined if it is meant to be in memory alone. */
    this.keeping = store instanceof KeptStore ? store : undefined;
    this.nb = openNotebook(store);
    this.signals = new NotebookSignals(this.nb);
    this.actions = new Actions(
      this.nb,
      (ids, go) => this.whenAgreed(ids, go),
      (text) => this.notice.say(text),
    );
    this.merges = new Merges(this.nb);
    this.cells = new Cells(this);
    this.clipboard = new Clipboard(this);
    this.find = new Find(this);
    this.view = new View(browserStorages().browser);
    this.fileStore = notebookId === null ? memoryFiles() : new KeptFiles(notebookId);
    this.folder = new Folder(this.fileStore, notebookId !== null, this.announcement);
    this.folderCells = new FolderCells(this);
    this.session = new Session(
      store,
      this.fileStore,
      () => this.ai.config,
      notebookId,
      this.#takeOver(),
    );
    this.ai = new Ai(this.session, browserStorages(), testConfig);
    this.signIn = new SignIn(this.ai, (name) => this.#showSignedIn(name));
    this.files = new NotebookFiles(this);
    this.imports = new Imports(this);
    this.kept = new KeptNotebooks(this);
    this.pictures = new Pictures(this);
  }

  /** Makes what holds the AI runs that another page, or this one in another life, left in the queue. */
  #takeOver() {
    const left = this.nb.openExecutions;
    return async (/** @type {boolean} */ hasWaited) => {
      await this.keeping?.refresh();
      this.nb.hold(hasWaited ? this.nb.openExecutions : left, HELD);
    };
  }

  /** The provider and model for AI cells that have no choice of their own. @returns {Choice} */
  get choice() {
    const { provider, model } = this.signals.choice;
    const { preferred, providers } = this.ai.settings.value;
    if (provider) return { provider, model: model || (providers[provider]?.model ?? "") };
    return { provider: preferred, model: providers[preferred]?.model ?? "" };
  }

  /** Makes a provider answer in this notebook, and in others that choose none. @param {Choice} choice */
  async choose(choice) {
    this.nb.setMetadata({ ai_provider: choice.provider, ai_model: choice.model });
    if (this.ai.names.includes(choice.provider)) await this.ai.prefer(choice.provider);
  }

  /** Shows a provider that a person has just signed in with, which answers if no other does. @param {string} name */
  async #showSignedIn(name) {
    if (this.choice.provider === TEST) await this.choose({ provider: name, model: "" });
    this.dialogs.open({ name: "settings", provider: name, isSignedIn: true });
  }

  /**
   * Calls back, but asks first if a file chose another provider than the person's own for one of the cells.
   * @param {readonly string[]} ids
   * @param {() => void} go
   */
  whenAgreed(ids, go) {
    const { ai, dialogs, nb } = this;
    const { preferred } = ai.settings.value;
    const undecided = nb.undecidedProviders(...ids);
    const isAsked = undecided.some((name) => name !== preferred && ai.names.includes(name));
    if (isAsked) dialogs.open({ name: "from-file", go });
    else go();
  }

  /** Asks Python about the code in an editor. @type {Helper} */
  helper = {
    isWarm: () => {
      const id = this.session.runtime?.sessionId;
      return this.nb.cells.some(
        (cell) => cell.cellType === "code" && this.nb.execution(cell)?.sessionId === id,
      );
    },
    complete: (code, cursor) => this.session.askIfIdle((runtime) => runtime.complete(code, cursor)),
    inspect: (code, cursor) => this.session.askIfIdle((runtime) => runtime.inspect(code, cursor)),
  };
}

const PageContext = createContext(/** @type {Page} */ (/** @type {unknown} */ (null)));

export const PageProvider = PageContext.Provider;

export function usePage() {
  return useContext(PageContext);
}
