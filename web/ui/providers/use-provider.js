// One provider's settings while they are edited: the draft, what a check has found, and the actions.

/** @import { Diagnosis } from "../../../js/types.d.ts" */

import { useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { KINDS } from "../../providers/kinds.js";
import { useAttempt } from "../parts/problem.jsx";

const NEW = { baseUrl: "", model: "" };

/** @typedef {{ baseUrl: string, model: string, key: string }} Draft */

/** @param {{ name: string, kind: string, onDone: () => void }} provider onDone is called when it was saved or removed */
export function useProvider({ name, kind, onDone }) {
  const page = usePage();
  const { ai } = page;
  const before = ai.settings.value.providers[name];
  const [draft, setDraft] = useState(/** @type {Draft} */ ({ ...(before ?? NEW), key: "" }));
  const [answers, setAnswers] = useState(before === undefined || page.choice.provider === name);
  const [diagnosis, setDiagnosis] = useState(
    /** @type {Diagnosis | "asked" | undefined} */ (undefined),
  );
  const { problem, attempt } = useAttempt();

  /** @param {Partial<Draft>} part */
  const change = (part) => setDraft({ ...draft, ...part });
  const store = async () => {
    const [baseUrl, model] = [draft.baseUrl.trim(), draft.model.trim()];
    if (!baseUrl && !KINDS[kind].baseUrl) throw new Error("Enter the server’s base URL.");
    await ai.save(name, { kind, baseUrl, model }, draft.key.trim());
    change({ key: "" });
    if (answers && page.choice.provider !== name) await page.choose({ provider: name, model: "" });
  };
  const actions = {
    save: async () => (await attempt(store)) && onDone(),
    remove: async () => (await attempt(() => ai.remove(name))) && onDone(),
    check: async () => {
      const isChecked = await attempt(async () => {
        await store();
        setDiagnosis("asked");
        setDiagnosis(await ai.check(name));
        await ai.askForModels();
      });
      if (!isChecked) setDiagnosis(undefined);
    },
  };
  const isNew = before === undefined;
  return { draft, change, answers, setAnswers, diagnosis, problem, isNew, ...actions };
}
