// The AI settings: which provider answers. The key goes from the field to the session, and is not
// shown again.

import { useState } from "preact/hooks";

import { usePage } from "../page.js";
import { providerName } from "../words.js";
import { Dialog } from "./dialog.jsx";

export function Settings() {
  const page = usePage();
  const { session } = page;
  const [draft, setDraft] = useState({ ...session.settings.value, key: "" });
  const [models, setModels] = useState(/** @type {string[]} */ ([]));
  const [message, setMessage] = useState({ text: "", isError: false });

  /** @param {Partial<typeof draft>} part */
  const change = (part) => setDraft({ ...draft, ...part });
  const close = () => (page.dialog.value = null);

  /** Applies the draft, then does what is given; says what went wrong. @param {() => unknown} then */
  const apply = async (then) => {
    const { key, ...settings } = draft;
    try {
      await session.configure({ ...settings, baseUrl: settings.baseUrl.trim() }, key.trim());
      await then();
    } catch (error) {
      setMessage({ text: error instanceof Error ? error.message : String(error), isError: true });
    }
  };

  const listModels = () =>
    apply(async () => {
      const names = await session.listModels();
      setModels(names);
      setMessage({ text: `The server lists ${names.length} models.`, isError: false });
    });

  return (
    <Dialog title="AI settings" testId="settings-dialog" onClose={close}>
      <form
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void apply(close);
        }}
      >
        <ProviderChoice provider={draft.provider} change={change} />
        {draft.provider === "openai" && <ServerFields {...{ draft, change, models, listModels }} />}
        {message.text && (
          <p class={message.isError ? "problem" : "hint"} role="alert" data-testid="settings-error">
            {message.text}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary" data-testid="apply">
            Apply
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/**
 * @typedef {{ provider: "test" | "openai", baseUrl: string, model: string, key: string }} Draft
 * @typedef {(part: Partial<Draft>) => void} Change
 */

/** @param {{ provider: string, change: Change }} props */
function ProviderChoice({ provider, change }) {
  const choices = /** @type {const} */ ([
    ["test", "Test provider", "Scripted answers: no key, no network, no model."],
    ["openai", providerName("openai"), "Any server that speaks the chat completions of OpenAI."],
  ]);
  return (
    <fieldset>
      <legend>Provider</legend>
      {choices.map(([value, name, hint]) => (
        <label key={value} class="choice">
          <input
            type="radio"
            name="provider"
            data-testid={`provider-${value}`}
            checked={provider === value}
            onChange={() => change({ provider: value })}
          />
          <span>
            {name} <span class="hint">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/**
 * @param {object} props
 * @param {Draft} props.draft
 * @param {Change} props.change
 * @param {string[]} props.models
 * @param {() => void} props.listModels
 */
function ServerFields({ draft, change, models, listModels }) {
  const { session } = usePage();
  const hasKey = session.hasKeyFor(draft.baseUrl.trim());
  return (
    <>
      <label class="field">
        Base URL
        <input
          type="url"
          data-testid="base-url"
          placeholder="https://api.openai.com/v1"
          value={draft.baseUrl}
          onInput={({ currentTarget }) => change({ baseUrl: currentTarget.value })}
        />
      </label>
      <label class="field">
        API key
        <input
          type="password"
          autocomplete="off"
          data-testid="api-key"
          placeholder={hasKey ? "kept; type to replace it" : "none, if the server needs none"}
          value={draft.key}
          onInput={({ currentTarget }) => change({ key: currentTarget.value })}
        />
      </label>
      <div class="field">
        <label for="model">Model</label>
        <span class="with-button">
          <input
            id="model"
            list="models"
            data-testid="model"
            placeholder="the server’s first"
            value={draft.model}
            onInput={({ currentTarget }) => change({ model: currentTarget.value })}
          />
          <button type="button" data-testid="list-models" onClick={listModels}>
            Connect and list
          </button>
        </span>
        <datalist id="models">
          {models.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
      <p class="hint">
        The key stays in this tab’s memory: it is in no storage, no event and no export, and goes
        only to the base URL above. Reloading forgets it.
      </p>
    </>
  );
}
