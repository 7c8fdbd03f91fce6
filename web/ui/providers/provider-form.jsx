// One provider's settings, and whether they work. The key goes from its field to where keys are kept,
// and is not shown again.

/** @import { Diagnosis } from "../../../js/types.d.ts" */

import { useState } from "preact/hooks";

import { KINDS } from "../../providers/kinds.js";
import { usePage } from "../../app/page.js";

const NEW = { baseUrl: "", model: "" };

/** @param {{ name: string, kind: string, onDone: () => void }} props */
export function ProviderForm({ name, kind, onDone }) {
  const page = usePage();
  const { ai, session } = page;
  const before = ai.settings.value.providers[name];
  const [draft, setDraft] = useState({ ...(before ?? NEW), key: "" });
  const [answers, setAnswers] = useState(before === undefined || page.choice.provider === name);
  const [problem, setProblem] = useState("");
  const [diagnosis, setDiagnosis] = useState(
    /** @type {Diagnosis | "asked" | undefined} */ (undefined),
  );

  /** @param {Partial<typeof draft>} part */
  const change = (part) => setDraft({ ...draft, ...part });

  /** Does what is given; says what went wrong. @param {() => Promise<unknown>} then */
  const attempt = async (then) => {
    setProblem("");
    try {
      await then();
    } catch (error) {
      setDiagnosis(undefined);
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const save = async () => {
    const [baseUrl, model] = [draft.baseUrl.trim(), draft.model.trim()];
    if (!baseUrl && !KINDS[kind].baseUrl) throw new Error("Enter the server’s base URL.");
    await ai.save(name, { kind, baseUrl, model }, draft.key.trim());
    change({ key: "" });
    if (answers && page.choice.provider !== name) await page.choose({ provider: name, model: "" });
  };
  const check = async () => {
    await save();
    setDiagnosis("asked");
    setDiagnosis(await ai.check(name));
    await ai.askForModels();
  };
  const models = ai.offers.value.get(name)?.models ?? [];
  return (
    <form
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(async () => {
          await save();
          onDone();
        });
      }}
    >
      <Address {...{ kind, baseUrl: draft.baseUrl }} onChange={(baseUrl) => change({ baseUrl })} />
      <KeyField {...{ name, kind, draft }} onChange={(key) => change({ key })} />
      <label class="field">
        Model
        <input
          list="models"
          data-testid="model"
          placeholder="the server’s first"
          spellcheck={false}
          value={draft.model}
          onInput={({ currentTarget }) => change({ model: currentTarget.value })}
        />
      </label>
      <datalist id="models">
        {models.map((model) => (
          <option key={model.name} value={model.name} />
        ))}
      </datalist>
      <label class="choice">
        <input
          type="checkbox"
          data-testid="answers"
          checked={answers}
          onChange={({ currentTarget }) => setAnswers(currentTarget.checked)}
        />
        Let it answer this notebook’s AI cells
      </label>
      {problem && (
        <p class="problem" role="alert" data-testid="settings-error">
          {problem}
        </p>
      )}
      {diagnosis && <Findings diagnosis={diagnosis} />}
      <div class="buttons">
        {before && (
          <button
            type="button"
            class="aside"
            data-testid="remove-provider"
            onClick={() =>
              attempt(async () => {
                await ai.remove(name);
                onDone();
              })
            }
          >
            Remove
          </button>
        )}
        <button type="button" data-testid="back" onClick={onDone}>
          Back
        </button>
        <button
          type="button"
          data-testid="check"
          disabled={!session.isUp || diagnosis === "asked"}
          title={session.isUp ? undefined : "Python is not ready"}
          onClick={() => attempt(check)}
        >
          Save and check
        </button>
        <button type="submit" class="primary" data-testid="apply">
          Save
        </button>
      </div>
    </form>
  );
}

/** @param {{ kind: string, baseUrl: string, onChange: (baseUrl: string) => void }} props */
function Address({ kind, baseUrl, onChange }) {
  const { baseUrl: usual, note } = KINDS[kind];
  return (
    <>
      <label class="field">
        Base URL
        <input
          type="text"
          inputMode="url"
          data-testid="base-url"
          placeholder={usual || "https://…/v1"}
          spellcheck={false}
          value={baseUrl}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      </label>
      {note && <p class="hint">{note}</p>}
    </>
  );
}

/**
 * @param {object} props
 * @param {string} props.name
 * @param {string} props.kind
 * @param {{ baseUrl: string, key: string }} props.draft
 * @param {(key: string) => void} props.onChange
 */
function KeyField({ name, kind, draft, onChange }) {
  const { keys } = usePage().ai;
  const { keyFrom } = KINDS[kind];
  const hasKey = keys.of(name, draft.baseUrl.trim()) !== "";
  return (
    <>
      <label class="field">
        API key
        <input
          type="password"
          autocomplete="off"
          data-testid="api-key"
          disabled={keys.isLocked.value}
          placeholder={
            keys.isLocked.value
              ? "locked: go back and unlock your keys"
              : hasKey
                ? "kept; type to replace it"
                : "none, if the server needs none"
          }
          value={draft.key}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      </label>
      {keyFrom?.startsWith("https://") && (
        <p class="hint">
          <a href={keyFrom} target="_blank" rel="noreferrer">
            Where to get a key
          </a>
        </p>
      )}
    </>
  );
}

const MARKS = { ok: "✓", failed: "✗", skipped: "–" };

/** What the doctor found. @param {{ diagnosis: Diagnosis | "asked" }} props */
function Findings({ diagnosis }) {
  if (diagnosis === "asked") return <p role="status">Asking the server …</p>;
  const failed = diagnosis.steps.find(({ outcome }) => outcome === "failed");
  return (
    <div class="findings" role="status" data-testid="findings" data-ok={diagnosis.ok}>
      {failed ? (
        <>
          <p class="problem">{failed.found}</p>
          {failed.fix && <p>{failed.fix}</p>}
        </>
      ) : (
        <p>It works: {diagnosis.steps.at(-1)?.found}</p>
      )}
      <details>
        <summary>All that was tried</summary>
        <ul>
          {diagnosis.steps.map(({ name, outcome, found }) => (
            <li key={name} data-outcome={outcome}>
              <span aria-hidden="true">{MARKS[outcome]}</span>
              <span class="visually-hidden">{outcome}: </span> {name}: {found}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
