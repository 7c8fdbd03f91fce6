// The notebooks that this browser keeps: a list in which each can be found, opened, renamed, copied, exported and deleted.

/** @import { Page } from "../../app/page.js" */
/** @import { Kept } from "../../storage/notebooks.js" */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { KEPT_COMMANDS } from "../../app/commands/kept.js";
import { isEnabled } from "../../app/commands/command.js";
import { formatCount, formatSize, formatTime } from "../../app/format.js";
import { isFound, shownTitle } from "../../app/kept/titles.js";
import { usePage } from "../../app/page.js";
import { LONGEST_TITLE, addressOf, newNotebookId } from "../../storage/notebooks.js";
import { Dialog } from "../parts/dialog.jsx";
import { Menu } from "../parts/menu.jsx";
import { Problem } from "../parts/problem.jsx";
import { DeletedNotebooks } from "./deleted-notebooks.jsx";

export function Notebooks() {
  const { dialogs, kept } = usePage();
  const [wanted, setWanted] = useState("");
  useEffect(() => void kept.look(), []);
  const notebooks = kept.all.value.filter(({ deletedAt }) => deletedAt === undefined);
  const found = notebooks.filter(({ title }) => isFound(title, wanted));
  return (
    <Dialog title="Notebooks in this browser" testId="notebooks-dialog" onClose={dialogs.close}>
      <input
        type="search"
        class="find"
        aria-label="Find a notebook by its title"
        placeholder="Find a notebook"
        data-testid="find-notebook"
        value={wanted}
        onInput={({ currentTarget }) => setWanted(currentTarget.value)}
      />
      <List notebooks={found} />
      <p class="hint" role="status">
        {countOf(notebooks.length, found.length)}
      </p>
      <Problem text={kept.problem.value} testId="notebooks-problem" />
      <DeletedNotebooks />
      <div class="buttons">
        <button type="button" onClick={dialogs.close}>
          Close
        </button>
        <a class="button primary" data-testid="new-notebook" href={addressOf(newNotebookId())}>
          New notebook
        </a>
      </div>
    </Dialog>
  );
}

/** @param {number} all @param {number} found */
function countOf(all, found) {
  if (all === 0) return "No notebooks yet.";
  if (found === 0) return "No notebook has such a title.";
  return found === all ? "" : `${found} of ${formatCount(all, "notebook")}`;
}

/** @param {{ notebooks: readonly Kept[] }} props */
function List({ notebooks }) {
  const { kept } = usePage();
  return (
    <ul class="notebooks" onKeyDown={moveFocus}>
      {notebooks.map((one) =>
        one.id === kept.renaming.value ? (
          <Renaming key={one.id} notebook={one} />
        ) : (
          <OneNotebook key={one.id} notebook={one} next={neighbour(notebooks, one)} />
        ),
      )}
    </ul>
  );
}

/** What takes the focus when a notebook has gone. @param {readonly Kept[]} notebooks @param {Kept} one */
function neighbour(notebooks, one) {
  const place = notebooks.indexOf(one);
  return (notebooks[place + 1] ?? notebooks[place - 1])?.id ?? "";
}

/** @param {{ notebook: Kept, next: string }} props */
function OneNotebook({ notebook: { id, title, openedAt }, next }) {
  const page = usePage();
  const name = useWanted(id);
  const shown = shownTitle(title);
  const isShown = id === page.notebookId;
  const commands = commandsFor(next);
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const command = commands.find(({ keys = [] }) => keys.includes(event.key));
    if (!command || !isEnabled(command, page, id)) return;
    event.preventDefault();
    command.run(page, id);
  };
  return (
    <li data-testid="notebook" data-id={id}>
      <div>
        <a
          ref={name}
          class="name"
          href={addressOf(id)}
          title={shown}
          aria-current={isShown ? "page" : undefined}
          onKeyDown={press}
          onClick={(event) => isShown && (event.preventDefault(), page.dialogs.close())}
        >
          <bdi>{shown}</bdi>
        </a>
        <About {...{ id, openedAt, isShown }} />
      </div>
      <Menu
        label={`Actions for ${shown.slice(0, 80)}`}
        testId="notebook-actions"
        class="icon-button"
        {...{ commands, id }}
      />
    </li>
  );
}

/** The commands of a notebook; when it is deleted, another one takes the focus. @param {string} next its id */
function commandsFor(next) {
  return KEPT_COMMANDS.map((command) => {
    if (command.name !== "delete-notebook") return command;
    const run = (/** @type {Page} */ page, /** @type {string} */ id) => {
      page.kept.wanted.value = next;
      return command.run(page, id);
    };
    return { ...command, run };
  });
}

/** Makes an element take the focus when its notebook should have it. @param {string} id */
function useWanted(id) {
  const { kept } = usePage();
  const element = useRef(/** @type {HTMLAnchorElement | null} */ (null));
  const isWanted = kept.wanted.value === id;
  useLayoutEffect(() => {
    if (!isWanted) return;
    element.current?.focus();
    kept.wanted.value = "";
  }, [isWanted]);
  return element;
}

/** @param {{ id: string, openedAt: string, isShown: boolean }} props */
function About({ id, openedAt, isShown }) {
  const { kept } = usePage();
  const { size, changedAt } = kept.sizes.value.get(id) ?? {};
  // Entries of the browser's storage may hold anything.
  const time = new Date(changedAt ?? openedAt);
  const isTime = !Number.isNaN(time.getTime());
  return (
    <p class="about">
      {isTime && (
        <time dateTime={time.toISOString()}>
          {`${changedAt === undefined ? "Opened" : "Changed"} ${formatTime(time)}`}
        </time>
      )}
      {size !== undefined && ` · ${formatSize(size)}`}
      {isShown ? " · shown here" : kept.inUse.value.has(id) && " · open in another tab"}
    </p>
  );
}

/** @param {{ notebook: Kept }} props */
function Renaming({ notebook: { id, title } }) {
  const { kept } = usePage();
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useLayoutEffect(() => field.current?.select(), []);
  const end = () => {
    kept.wanted.value = id;
    kept.renaming.value = "";
  };
  const save = async () => {
    const typed = field.current?.value.trim() ?? "";
    if (kept.renaming.peek() !== id) return;
    end();
    if (typed !== title) await kept.attempt(() => kept.rename(id, typed));
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault(); // Escape would close the dialog
    event.stopPropagation();
    if (event.key === "Enter") void save();
    else end();
  };
  return (
    <li>
      <input
        ref={field}
        aria-label="New title"
        data-testid="new-title"
        maxLength={LONGEST_TITLE}
        placeholder="Untitled"
        spellcheck={false}
        defaultValue={title}
        onKeyDown={press}
        onBlur={() => void save()}
      />
    </li>
  );
}

/** @param {import("preact").TargetedKeyboardEvent<HTMLUListElement>} event */
function moveFocus(event) {
  /** @type {HTMLElement[]} */
  const names = [...event.currentTarget.querySelectorAll(/** @type {"a"} */ ("a.name"))];
  const place = names.indexOf(/** @type {any} */ (event.target));
  const steps = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: names.length - 1 };
  const next = steps[/** @type {keyof typeof steps} */ (event.key)];
  if (place < 0 || !names[next]) return;
  event.preventDefault();
  names[next].focus();
}
