// One provider's settings while they are edited: the draft, what a check has found, and the actions.

/** @import { Diagnosis } from "../../../js/types.d.ts" */
/** @import { Extra, ExtraText } from "../../providers/extra.js" */
/** @import { Provider } from "../../providers/settings.js" */

import { useState } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { formatExtra, parseExtra, partAddress } from "../../providers/extra.js";
import { KINDS } from "../../providers/kinds.js";
import { useAttempt } from "../parts/problem.jsx";

/** @typedef {"" | "yes" | "no"} Answer */
/**
 * A provider as it is typed; the key is empty, unless it is changed.
 * @typedef {{ baseUrl: string, model: string, key: string } & ExtraText & More} Draft
 * @typedef {{ webSearch: boolean, vision: Answer, tools: Answer, timeout: string }} More
 */

/** @param {Provider | undefined} provider @param {Extra} extra @returns {Draft} */
function draftOf({ baseUrl, model, webSearch = false, vision, tools, timeout } = NEW, extra) {
  const more = {
    webSearch,
    vision: answerOf(vision),
    tools: answerOf(tools),
    timeout: `${timeout ?? ""}`,
  };
  return { baseUrl, model, key: "", ...more, ...formatExtra(extra) };
}

/** @type {Provider} */
const NEW = { kind: "", baseUrl: "", model: "" };

/** @param {boolean | undefined} value @returns {Answer} */
const answerOf = (value) => (value === undefined ? "" : value ? "yes" : "no");

/** @param {string} kind @param {Draft} draft @returns {Provider} */
function providerOf(kind, { baseUrl, model, webSearch, vision, tools, timeout }) {
  const [url, seconds] = [baseUrl.trim(), timeout.trim()];
  if (!url && !KINDS[kind].baseUrl) throw new Error("Enter the server’s base URL.");
  if (seconds && !(Number(seconds) > 0)) throw new Error("The timeout is a number of seconds.");
  return {
    ...{ kind, baseUrl: url, model: model.trim() },
    ...(webSearch && { webSearch }),
    ...(vision && { vision: vision === "yes" }),
    ...(tools && { tools: tools === "yes" }),
    ...(seconds && { timeout: Number(seconds) }),
  };
}

/** @param {{ name: string, kind: string, onDone: () => void }} provider onDone is called when it was saved or removed */
export function useProvider({ name, kind, onDone }) {
  const page = usePage();
  const { ai } = page;
  const before = ai.settings.value.providers[name];
  const [draft, setDraft] = useState(() =>
    draftOf(before, before ? ai.keys.extraOf(name, before.baseUrl) : {}),
  );
  const [answers, setAnswers] = useState(before === undefined || page.choice.provider === name);
  const [diagnosis, setDiagnosis] = useState(
    /** @type {Diagnosis | "asked" | undefined} */ (undefined),
  );
  const { problem, attempt } = useAttempt();

  /** @param {Partial<Draft>} part */
  const change = (part) => setDraft({ ...draft, ...part });
  const store = async () => {
    const [typed, key] = [providerOf(kind, draft), draft.key.trim()];
    const { baseUrl } = partAddress(typed.baseUrl, {}, true);
    const hasKey = Boolean(key || ai.keys.of(name, baseUrl));
    const given = parseExtra(draft, ai.keys.extraOf(name, baseUrl));
    const { extra } = partAddress(typed.baseUrl, given, hasKey);
    await ai.save(name, { ...typed, baseUrl }, key, extra);
    change({ baseUrl, key: "", ...formatExtra(extra) });
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
