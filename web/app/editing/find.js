// Find and replace, in the sources of all cells.

/** @import { OpenNotebook } from "../../../js/types-notebook.d.ts" */
/** @import { Match, Query } from "../../render/find.js" */
/** @import { Actions } from "../actions.js" */
/** @import { Cells } from "../cells.js" */
/** @import { Focus } from "../focus.js" */

import { batch, computed, signal } from "@preact/signals";

import { TOO_LONG, renderApart } from "../../render/apart/apart.js";
import { messageOf } from "../../render/error.js";
import { findIn, replaceIn } from "../../render/find.js";

/** A match in a cell, and the source that it was found in. @typedef {Match & { id: string, source: string }} Found */

const PAUSE_MS = 120;
/** @type {Query} */
const NOTHING = { wanted: "", isExact: false, isWhole: false, isPattern: false, replacement: "" };

export class Find {
  isOpen = signal(false);
  query = signal(NOTHING);
  /** All matches, in order. */
  found = signal(/** @type {readonly Found[]} */ ([]));
  /** Which of them is shown; -1 if none is. */
  place = signal(-1);
  /** Why nothing can be found. */
  problem = signal("");
  /** By the cells' ids. */
  byCell = computed(() => groupByCell(this.found.value));
  /** The match that is shown. */
  shown = computed(() => this.found.value[this.place.value]);
  #page;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #searches = 0;

  /**
   * @param {object} page
   * @param {OpenNotebook} page.nb
   * @param {Actions} page.actions
   * @param {Cells} page.cells
   * @param {Focus} page.focus
   */
  constructor(page) {
    this.#page = page;
    page.nb.subscribe((changed) => {
      const isOther = [...changed].some((key) => key === "order" || key.startsWith("cell/"));
      if (this.isOpen.peek() && isOther) this.#soon();
    });
  }

  /** @param {string} [wanted] what is selected, if anything is */
  open(wanted) {
    this.isOpen.value = true;
    this.change(wanted ? { wanted, isPattern: false } : {});
  }

  /** The focus goes to the cell that was found. */
  close() {
    const id = this.shown.peek()?.id ?? this.#page.focus.selected.peek();
    batch(() => {
      this.isOpen.value = false;
      this.found.value = [];
      this.place.value = -1;
    });
    if (id !== null) this.#page.cells.focusOn([id]);
  }

  /** @param {Partial<Query>} change */
  change(change) {
    this.query.value = { ...this.query.peek(), ...change };
    this.#soon();
  }

  /** Shows the next match, or the one before. @param {1 | -1} step */
  async step(step) {
    await this.#refresh();
    const [{ length }, place] = [this.found.peek(), this.place.peek()];
    // The first match is not shown before somebody goes to it, since that scrolls.
    if (place < 0 && length > 0) this.#show(step > 0 ? 0 : length - 1);
    else if (length > 0) this.#show((place + step + length) % length);
  }

  /** Replaces the match that is shown, and shows the next one. */
  async replace() {
    await this.#refresh();
    const place = this.place.peek();
    const found = this.found.peek()[place];
    if (!found) return this.step(1);
    this.#write("replacement", [found]);
    await this.#search();
    const { length } = this.found.peek();
    if (length > 0) this.#show(place % length);
  }

  /** Replaces all matches, as one edit. @returns {Promise<number>} how many */
  async replaceAll() {
    await this.#refresh();
    const found = this.found.peek();
    this.#write("replacement of all", found);
    await this.#search();
    return found.length;
  }

  /** @param {string} label @param {readonly Found[]} found */
  #write(label, found) {
    const { actions, nb } = this.#page;
    actions.edit(label, () => {
      for (const [id, matches] of groupByCell(found)) {
        const { source } = matches[0];
        // What was typed or written by others since is merged.
        if (nb.cell(id)) nb.setSource(id, replaceIn(source, matches), { base: source });
      }
    });
  }

  /** @param {number} place */
  #show(place) {
    const { cells, focus } = this.#page;
    this.place.value = place;
    const id = this.found.peek()[place]?.id;
    if (id === undefined) return;
    focus.setEditing(id, true);
    cells.show(id);
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#search(), PAUSE_MS);
  }

  /** Looks again if something has changed. */
  async #refresh() {
    this.#page.actions.settleTyping();
    await this.#search();
  }

  async #search() {
    clearTimeout(this.#timer);
    const number = (this.#searches += 1);
    const { cells, nb } = this.#page;
    const sources = cells.order.map((id) => ({ id, source: nb.cell(id)?.source ?? "" }));
    const texts = sources.map(({ source }) => source);
    const query = this.query.peek();
    const { matches, problem } = await find(texts, query);
    if (number !== this.#searches || !this.isOpen.peek()) return;
    const found = matches.map((match) => ({ ...match, ...sources[match.place] }));
    batch(() => {
      const place = placeIn(found, this.shown.peek());
      this.problem.value = problem;
      this.found.value = found;
      this.place.value = place;
    });
  }
}

/** @param {readonly string[]} texts @param {Query} query @returns {Promise<{ matches: Match[], problem: string }>} */
async function find(texts, query) {
  try {
    if (!query.isPattern) return { matches: findIn(texts, query), problem: "" };
    new RegExp(query.wanted, "u"); // what is not one needs no worker
    const matches = await renderApart({ kind: "find", texts, query });
    return { matches: /** @type {Match[]} */ (matches), problem: "" };
  } catch (error) {
    return { matches: [], problem: describe(messageOf(error)) };
  }
}

/** @param {string} reason */
function describe(reason) {
  if (reason === TOO_LONG) {
    return "This regular expression takes too long. Make it simpler: repeats within repeats, such as (a+)+, take for ever.";
  }
  return `This is not a regular expression: ${reason.replace(/^Invalid regular expression: /, "")}`;
}

/** Where a match stands now that was shown. @param {readonly Found[]} found @param {Found | undefined} shown */
function placeIn(found, shown) {
  if (!shown || found.length === 0) return -1;
  const same = found.findIndex(({ id, from }) => id === shown.id && from >= shown.from);
  return same < 0 ? found.findLastIndex(({ id }) => id === shown.id) : same;
}

/** @param {readonly Found[]} found @returns {ReadonlyMap<string, readonly Found[]>} by the cells' ids */
function groupByCell(found) {
  /** @type {Map<string, Found[]>} */
  const groups = new Map();
  for (const match of found) {
    const group = groups.get(match.id);
    if (group) group.push(match);
    else groups.set(match.id, [match]);
  }
  return groups;
}
