// The bar at the top: the title, the state of Python, the model, Run all and Stop, and what went wrong.

/** @import { Command } from "../../app/commands/command.js" */

import { useEffect, useState } from "preact/hooks";

import { isEnabled, labelOf } from "../../app/commands/command.js";
import { NOTEBOOK_COMMANDS } from "../../app/commands/notebook.js";
import { usePage } from "../../app/page.js";
import { showHidden } from "../../render/hidden.js";
import { ModelPicker } from "../providers/model-picker.jsx";
import { Menu } from "../parts/menu.jsx";
import { LONGEST_TITLE } from "../../storage/notebooks.js";
import { Banner } from "./banner.jsx";
import { FindBar } from "./tools/find-bar.jsx";
import { DeletedNotebooks } from "./deleted-notebooks.jsx";
import { KeepingSign, NewerEvents, NotKept, NotRead, NotWhole } from "./keeping.jsx";

const STATUS_NAMES = {
  ready: "Ready",
  busy: "Busy",
  restarting: "Restarting",
  elsewhere: "Running in another tab",
  stopped: "Stopped",
  failed: "Failed",
};

export function TopBar() {
  const page = usePage();
  return (
    <header class="top-bar">
      <div class="bar">
        <Title />
        <Status />
        <KeepingSign />
        <span class="chips">
          <Waiting />
          <Asked />
          <LockedKeys />
          <ModelChip />
        </span>
        <RunButtons />
      </div>
      <ProgressLine />
      <NotKept />
      <NotWhole />
      <NewerEvents />
      <NotRead />
      {page.dialogs.opened.value?.name !== "notebooks" && <DeletedNotebooks />}
      <Banner />
      <FindBar />
      <h1 class="visually-hidden">{page.signals.title.slice(0, LONGEST_TITLE) || "Notebook"}</h1>
    </header>
  );
}

function Title() {
  const { nb, signals } = usePage();
  const title = signals.title.slice(0, LONGEST_TITLE);
  const shown = showHidden(title);
  const [isEdited, setEdited] = useState(false);
  useEffect(() => {
    document.title = shown || "Notebook";
  }, [shown]);
  return (
    <input
      class="title"
      aria-label="Notebook title"
      data-testid="title"
      placeholder="Untitled"
      spellcheck={false}
      maxLength={LONGEST_TITLE}
      value={isEdited ? title : shown}
      onFocus={() => setEdited(true)}
      onBlur={() => setEdited(false)}
      onChange={({ currentTarget }) => nb.setTitle(currentTarget.value.trim())}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}

function Status() {
  const { session } = usePage();
  const status = session.status.value;
  const { message, fraction } = session.progress.value;
  return (
    <span class="status" data-testid="status" data-status={status} role="status">
      <span class="dot" aria-hidden="true" />
      {status === "loading" ? message : STATUS_NAMES[status]}
      {status === "loading" && (
        <span class="percent" aria-hidden="true">{` ${Math.round(fraction * 100)}%`}</span>
      )}
    </span>
  );
}

/** How many calls wait for approval, anywhere in the notebook. */
function Waiting() {
  const page = usePage();
  const requests = page.signals.openApprovals;
  if (requests.length === 0) return null;
  return (
    <button
      type="button"
      class="chip waiting"
      data-testid="waiting"
      onClick={() => page.focus.moveTo(requests[0].cellId, "approval")}
    >
      {requests.length === 1 ? "1 approval" : `${requests.length} approvals`}
    </button>
  );
}

/** How many questions of running cells wait for an answer. */
function Asked() {
  const { focus, session } = usePage();
  const questions = session.questions.value;
  if (questions.length === 0) return null;
  return (
    <button
      type="button"
      class="chip waiting"
      data-testid="asked"
      onClick={() => focus.moveTo(questions[0].cellId, "question")}
    >
      {questions.length === 1 ? "1 question" : `${questions.length} questions`}
    </button>
  );
}

function ModelChip() {
  const page = usePage();
  return (
    <ModelPicker
      label="Model for this notebook"
      testId="model-picker"
      class="chip"
      chosen={page.choice}
      onChoose={(choice) => page.choose(choice)}
    />
  );
}

/** Keys in the vault must be unlocked before a provider can be asked with them. */
function LockedKeys() {
  const page = usePage();
  if (!page.ai.keys.isLocked.value) return null;
  return (
    <button
      type="button"
      class="chip waiting"
      data-testid="locked-keys"
      onClick={() => page.dialogs.open({ name: "settings" })}
    >
      Unlock keys
    </button>
  );
}

function RunButtons() {
  return (
    <span class="run-buttons">
      <CommandButton name="run-all" />
      <CommandButton name="stop-all" />
      <CommandButton
        name="restart-python"
        label="Restart"
        title="Restart Python, whatever it is doing: all variables are lost"
      />
      <Menu
        label="Notebook menu"
        testId="notebook-menu"
        class="icon-button"
        commands={NOTEBOOK_COMMANDS}
      />
    </span>
  );
}

/** @param {{ name: string, label?: string, title?: string }} props */
function CommandButton({ name, label, title }) {
  const page = usePage();
  const command = /** @type {Command} */ (NOTEBOOK_COMMANDS.find((each) => each.name === name));
  return (
    <button
      type="button"
      data-testid={name}
      disabled={!isEnabled(command, page, "")}
      title={title}
      onClick={() => command.run(page, "")}
    >
      {label ?? labelOf(command, page, "")}
    </button>
  );
}

function ProgressLine() {
  const { session } = usePage();
  const isLoading = session.status.value === "loading";
  const { fraction } = session.progress.value;
  // During a stage the line creeps along part of what is left, so that it moves but never reaches the end
  // too early.
  const target = fraction + (1 - fraction) * 0.4;
  return (
    <div class="progress" hidden={!isLoading} aria-hidden="true">
      <div style={{ transform: `scaleX(${target})` }} />
    </div>
  );
}
