// What a running cell asks: input(), getpass() and sys.stdin, with a field for the answer.

/** @import { OpenQuestion } from "../../app/session.js" */

import { useComputed } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { Terminal } from "../outputs/terminal.jsx";

const END = "Answers nothing: input() raises EOFError, and a loop over sys.stdin ends (Ctrl+D)";

/** @param {{ cellId: string }} props */
export function Questions({ cellId }) {
  const { session } = usePage();
  const own = useComputed(() => session.questions.value.filter((one) => one.cellId === cellId));
  return own.value.map((question) => <Asked key={question.id} question={question} />);
}

/** @param {{ question: OpenQuestion }} props */
function Asked({ question: { id, cellId, prompt, isSecret, answer } }) {
  const page = usePage();
  const [text, setText] = useState("");
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  // At once, so that no key that is meant for the field goes to the cell.
  useLayoutEffect(() => {
    page.announcement.value = `The cell is asking: ${prompt || "a line of input"}`;
    if (isAt(cellId)) form.current?.querySelector("input")?.focus();
  }, [id]);
  /** Gives the focus back before the field is gone. @param {string | null} said */
  const close = (said) => {
    if (form.current?.contains(document.activeElement)) page.focus.moveTo(cellId);
    answer(said);
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") page.focus.moveTo(cellId);
    else if (event.key === "d" && event.ctrlKey && !text) close(null);
    else return;
    event.preventDefault();
  };
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    close(text);
  };
  return (
    <form ref={form} class="question" data-testid="question" onSubmit={submit} onKeyDown={press}>
      <label for={`answer-${id}`}>
        {prompt ? <Terminal text={prompt} /> : <span class="visually-hidden">Input</span>}
      </label>
      <Field id={`answer-${id}`} {...{ isSecret, text, setText }} />
      <button type="submit" class="primary" data-testid="question-send">
        Answer
      </button>
      <button type="button" data-testid="question-end" title={END} onClick={() => close(null)}>
        End input
      </button>
    </form>
  );
}

/** @param {{ id: string, isSecret: boolean, text: string, setText: (text: string) => void }} props */
function Field({ id, isSecret, text, setText }) {
  const props = {
    id,
    "data-testid": "question-answer",
    autocapitalize: /** @type {const} */ ("off"),
    spellcheck: false,
    value: text,
    onInput: (/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) =>
      setText(currentTarget.value),
  };
  // Offers neither what was typed before nor a password that is kept for this site.
  if (isSecret) return <input {...props} type="password" autocomplete="new-password" />;
  return <input {...props} type="text" autocomplete="off" />;
}

/** Whether the person is at a cell, and not at another part of the page. @param {string} cellId */
function isAt(cellId) {
  const { activeElement } = document;
  if (!activeElement || activeElement === document.body) return true;
  return activeElement.closest("[data-cell-id]")?.getAttribute("data-cell-id") === cellId;
}
