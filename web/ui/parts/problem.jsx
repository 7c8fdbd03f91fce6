// Something that a person tried, and what went wrong with it.

import { useState } from "preact/hooks";

import { messageOf } from "../../render/error.js";

/** Runs work that may fail, and keeps the reason until something else is tried. */
export function useAttempt() {
  const [problem, setProblem] = useState("");
  /** @param {() => unknown} work @returns {Promise<boolean>} whether it succeeded */
  const attempt = async (work) => {
    setProblem("");
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(messageOf(error));
      return false;
    }
  };
  return { problem, attempt };
}

/** @param {{ text: string, testId?: string }} props nothing is shown for an empty text */
export function Problem({ text, testId }) {
  return text ? (
    <p class="problem" role="alert" data-testid={testId}>
      {text}
    </p>
  ) : null;
}
