// The files of the notebook: what there is, what is in it, and what can be done with it.

/** @import { StoredFile } from "../../../js/types.d.ts" */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { chooseFiles } from "../../app/files.js";
import { FILE_COMMANDS } from "../../app/commands/file.js";
import { formatMegabytes, formatSize, formatTime } from "../../app/format.js";
import { filesOf, withPaths } from "../../app/kept/dropped.js";
import { usePage } from "../../app/page.js";
import { showHidden } from "../../render/hidden.js";
import { hasFiles, unmarkDrop } from "../parts/drop.js";
import { Menu } from "../parts/menu.jsx";
import { MessageBar } from "../parts/message-bar.jsx";
import { FilePreview } from "./preview.jsx";

export function Files() {
  const { folder } = usePage();
  useEffect(() => void folder.refresh(), []);
  const paths = folder.paths.value;
  return (
    <div class="files" {...useDrop()}>
      <AddButtons />
      <Messages />
      {paths.length === 0 && (
        <p class="hint">
          No files yet. Drop files here, or write one with Python: it sees this folder as /home.
        </p>
      )}
      <ul>
        {paths.map((path) => (
          <OneFile key={path} path={path} />
        ))}
      </ul>
      <Room />
    </div>
  );
}

function useDrop() {
  const { folder } = usePage();
  return {
    /** @param {import("preact").TargetedDragEvent<HTMLElement>} event */
    onDragOver(event) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.currentTarget.dataset.drop = "files";
    },
    onDragLeave: unmarkDrop,
    /** @param {import("preact").TargetedDragEvent<HTMLElement>} event */
    async onDrop(event) {
      delete event.currentTarget.dataset.drop;
      const { dataTransfer } = event;
      if (!dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      await folder.addFiles(() => filesOf(dataTransfer));
    },
  };
}

function AddButtons() {
  const { folder } = usePage();
  const choose = (/** @type {boolean} */ isFolder) =>
    folder.addFiles(async () =>
      withPaths(await chooseFiles("", { multiple: true, webkitdirectory: isFolder })),
    );
  return (
    <div class="ways">
      <button type="button" class="primary" data-testid="add-files" onClick={() => choose(false)}>
        Add files
      </button>
      <button type="button" data-testid="add-folder" onClick={() => choose(true)}>
        Add a folder
      </button>
    </div>
  );
}

/** What went wrong, what was named otherwise, and what can be put back. */
function Messages() {
  const { dialogs, folder } = usePage();
  const { text, again } = folder.problem.value;
  const deleted = folder.deleted.value.at(-1);
  const notebooks = () => dialogs.open({ name: "notebooks" });
  return (
    <>
      <MessageBar
        text={showHidden(text)}
        testId="files-problem"
        ways={
          again
            ? [
                { label: "Try again", isMain: true, run: again },
                { label: "Show the notebooks", run: notebooks },
              ]
            : []
        }
        onDismiss={() => (folder.problem.value = { text: "" })}
      />
      <MessageBar
        text={showHidden(folder.notice.value)}
        kind="notice"
        testId="files-notice"
        onDismiss={() => (folder.notice.value = "")}
      />
      <MessageBar
        text={deleted ? showHidden(`“${deleted.path}” was deleted.`) : ""}
        kind="notice"
        testId="deleted-file"
        ways={[
          { label: "Undo", testId: "undo-delete-file", isMain: true, run: () => folder.undo() },
        ]}
        onDismiss={() => folder.forget()}
      />
    </>
  );
}

/** @param {{ path: string }} props */
function OneFile({ path }) {
  const page = usePage();
  const { folder } = page;
  const file = folder.files.value.get(path);
  const isShown = folder.shown.value === path;
  if (!file) return null;
  if (folder.renaming.value === path) return <Renaming path={path} />;
  const name = showHidden(path);
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const command = FILE_COMMANDS.find(({ keys = [] }) => keys.includes(event.key));
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command.run(page, path);
  };
  return (
    <li data-testid="file" data-path={path}>
      <div class="line">
        <button
          type="button"
          class="name"
          title={name}
          aria-expanded={isShown}
          onKeyDown={press}
          onClick={() => (folder.shown.value = isShown ? "" : path)}
        >
          <bdi>{name}</bdi>
        </button>
        <Menu
          label={`Actions for ${name.slice(0, 80)}`}
          testId="file-actions"
          class="icon-button"
          commands={FILE_COMMANDS}
          id={path}
        />
      </div>
      <About file={file} />
      {isShown && <FilePreview file={file} />}
    </li>
  );
}

/** @param {{ file: StoredFile }} props */
function About({ file: { content, modifiedAt } }) {
  const time = new Date(modifiedAt);
  const isTime = !Number.isNaN(time.getTime());
  return (
    <p class="about">
      {formatSize(content.size)}
      {isTime && ` · ${formatTime(time)}`}
    </p>
  );
}

/** @param {{ path: string }} props */
function Renaming({ path }) {
  const { folder } = usePage();
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  useLayoutEffect(() => field.current?.select(), []);
  const save = async () => {
    if (isBusy) return;
    setBusy(true);
    const isDone = await folder.rename(path, field.current?.value.trim() ?? path);
    setBusy(false);
    if (isDone) folder.renaming.value = "";
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    event.stopPropagation();
    if (event.key === "Enter") void save();
    if (event.key === "Escape") folder.renaming.value = "";
  };
  return (
    <li>
      <input
        ref={field}
        aria-label="New name"
        data-testid="new-name"
        spellcheck={false}
        defaultValue={path}
        onKeyDown={press}
        onBlur={() => void save()}
      />
    </li>
  );
}

/** Where the files are kept, and how much room there is. */
function Room() {
  const { folder } = usePage();
  const room = folder.room.value;
  const where = folder.isKept
    ? "Kept in this browser, with the notebook."
    : "Kept only in this tab: reloading the page discards them.";
  return (
    <p class="hint" data-testid="files-room">
      {where}
      {room &&
        ` ${formatMegabytes(room.usage)} of ${formatMegabytes(room.quota)} used by this site.`}
    </p>
  );
}
