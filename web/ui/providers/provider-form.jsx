// The form for one provider's settings. The key goes from its field to where keys are kept, and is not shown again.

import { useEffect } from "preact/hooks";

import { usePage } from "../../app/page.js";
import { OPENROUTER } from "../../providers/sign-in.js";
import { KINDS, SEARCHING } from "../../providers/kinds.js";
import { Problem } from "../parts/problem.jsx";
import { Advanced } from "./advanced.jsx";
import { Findings } from "./findings.jsx";
import { SignInButton, SignOutButton } from "./sign-in.jsx";
import { useProvider } from "./use-provider.js";

/** @import { Draft } from "./use-provider.js" */
/** @typedef {ReturnType<typeof useProvider>} Editing */

/**
 * @param {object} props
 * @param {string} props.name
 * @param {string} props.kind
 * @param {boolean} [props.isSignedIn] just now: it is checked at once
 * @param {() => void} props.onDone
 */
export function ProviderForm({ name, kind, isSignedIn, onDone }) {
  const editing = useProvider({ name, kind, onDone });
  const { draft, change, answers, setAnswers, diagnosis, problem, save, check } = editing;
  const { session } = usePage();
  useEffect(() => {
    if (isSignedIn && session.isUp) void check();
  }, []);
  return (
    <form
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Address {...{ kind, baseUrl: draft.baseUrl }} onChange={(baseUrl) => change({ baseUrl })} />
      <KeyField {...{ name, kind, draft }} onChange={(key) => change({ key })} />
      {kind === OPENROUTER && <SignInOrOut {...{ name, draft, onDone }} />}
      <Model {...{ name, kind, model: draft.model }} onChange={(model) => change({ model })} />
      <Search {...{ kind, draft, change }} />
      <Advanced {...{ draft, change }} />
      <label class="choice">
        <input
          type="checkbox"
          data-testid="answers"
          checked={answers}
          onChange={({ currentTarget }) => setAnswers(currentTarget.checked)}
        />
        Use this provider for this notebook’s AI cells
      </label>
      <Problem text={problem} testId="settings-error" />
      {diagnosis && <Findings diagnosis={diagnosis} />}
      <Buttons editing={editing} onBack={onDone} />
    </form>
  );
}

/** @param {{ name: string, draft: Draft, onDone: () => void }} props */
function SignInOrOut({ name, draft, onDone }) {
  if (usePage().ai.hasKey(name)) return <SignOutButton {...{ name, onDone }} />;
  return draft.baseUrl.trim() ? null : <SignInButton name={name} />;
}

/** @param {{ kind: string, draft: Draft, change: (part: Partial<Draft>) => void }} props */
function Search({ kind, draft, change }) {
  if (!SEARCHING.includes(kind)) return null;
  return (
    <label class="choice">
      <input
        type="checkbox"
        data-testid="web-search"
        checked={draft.webSearch}
        onChange={({ currentTarget }) => change({ webSearch: currentTarget.checked })}
      />
      <span>
        Let the service search the web{" "}
        <span class="hint">
          It decides what to search for, and may charge for it. Each cell can say otherwise.
        </span>
      </span>
    </label>
  );
}

/** @param {{ editing: Editing, onBack: () => void }} props */
function Buttons({ editing: { isNew, diagnosis, remove, check }, onBack }) {
  const { session } = usePage();
  return (
    <div class="buttons">
      {!isNew && (
        <button type="button" class="aside" data-testid="remove-provider" onClick={remove}>
          Remove
        </button>
      )}
      <button type="button" data-testid="back" onClick={onBack}>
        Back
      </button>
      <button
        type="button"
        data-testid="check"
        disabled={!session.isUp || diagnosis === "asked"}
        title={session.isUp ? undefined : "Python is not ready"}
        onClick={check}
      >
        Save and check
      </button>
      <button type="submit" class="primary" data-testid="apply">
        Save
      </button>
    </div>
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
  const isLocked = keys.isLocked.value;
  const hasKey = keys.of(name, draft.baseUrl.trim()) !== "";
  return (
    <>
      <label class="field">
        API key
        <input
          type="password"
          autocomplete="off"
          data-testid="api-key"
          disabled={isLocked}
          placeholder={keyPlaceholder(isLocked, hasKey)}
          value={draft.key}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      </label>
      {keyFrom && (
        <p class="hint">
          {keyFrom.startsWith("https://") ? (
            <a href={keyFrom} target="_blank" rel="noreferrer">
              Get a key
            </a>
          ) : (
            `From ${keyFrom}.`
          )}
        </p>
      )}
    </>
  );
}

/** @param {boolean} isLocked @param {boolean} hasKey */
function keyPlaceholder(isLocked, hasKey) {
  if (isLocked) return "Locked: go back and unlock your keys";
  return hasKey ? "Saved; type to replace it" : "Leave empty if the server needs no key";
}

/** @param {{ name: string, kind: string, model: string, onChange: (model: string) => void }} props */
function Model({ name, kind, model, onChange }) {
  const models = usePage().ai.offers.value.get(name)?.models ?? [];
  return (
    <>
      <label class="field">
        Model
        <input
          list="models"
          data-testid="model"
          placeholder={
            KINDS[kind].lists === null
              ? "The name of your deployment"
              : "The first one that the server lists"
          }
          spellcheck={false}
          value={model}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      </label>
      <datalist id="models">
        {models.map((each) => (
          <option key={each.name} value={each.name} />
        ))}
      </datalist>
    </>
  );
}
