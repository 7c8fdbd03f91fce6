// The settings of a provider that most people never need: what else is sent, and what its models can do.

/** @import { Answer, Draft } from "./use-provider.js" */

import { useState } from "preact/hooks";

/** @typedef {(part: Partial<Draft>) => void} Change */

/** @param {{ draft: Draft, change: Change }} props */
export function Advanced({ draft, change }) {
  const { headers, query, extraBody, vision, tools, timeout } = draft;
  const [isOpen] = useState(Boolean(headers || query || extraBody || vision || tools || timeout));
  return (
    <details class="advanced" open={isOpen} data-testid="advanced">
      <summary>Advanced</summary>
      <Lines
        label="Headers"
        testId="headers"
        placeholder="X-Team: blue"
        hint="One per line. The server must allow them (CORS), and many allow none."
        value={headers}
        onChange={(value) => change({ headers: value })}
      />
      <Lines
        label="Query"
        testId="query"
        placeholder="api-version=2024-10-21"
        hint="One parameter per line, at the end of every URL."
        value={query}
        onChange={(value) => change({ query: value })}
      />
      <Lines
        label="Body"
        testId="extra-body"
        placeholder={'{ "top_k": 40 }'}
        hint="JSON that is added to each request. All three are kept where your keys are."
        value={extraBody}
        onChange={(value) => change({ extraBody: value })}
      />
      <Abilities {...{ vision, tools, change }} />
      <label class="field">
        Timeout
        <input
          type="text"
          inputMode="decimal"
          data-testid="timeout"
          placeholder="Seconds without a byte from the server"
          value={timeout}
          onInput={({ currentTarget }) => change({ timeout: currentTarget.value })}
        />
      </label>
    </details>
  );
}

/** @param {{ vision: Answer, tools: Answer, change: Change }} props */
function Abilities({ vision, tools, change }) {
  return (
    <>
      <Choice
        label="Pictures"
        testId="vision"
        texts={{ "": "To models known to accept pictures", yes: "To all models", no: "Never" }}
        value={vision}
        onChange={(value) => change({ vision: value })}
      />
      <Choice
        label="Tools"
        testId="tools"
        texts={{ "": "To models that take them", yes: "To all models", no: "Never" }}
        value={tools}
        onChange={(value) => change({ tools: value })}
      />
    </>
  );
}

/**
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.testId
 * @param {string} props.placeholder
 * @param {string} props.hint
 * @param {string} props.value
 * @param {(value: string) => void} props.onChange
 */
function Lines({ label, testId, placeholder, hint, value, onChange }) {
  return (
    <>
      <label class="field">
        {label}
        <textarea
          rows={Math.min(6, Math.max(2, value.split("\n").length))}
          data-testid={testId}
          placeholder={placeholder}
          spellcheck={false}
          value={value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      </label>
      <p class="hint">{hint}</p>
    </>
  );
}

/**
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.testId
 * @param {Record<Answer, string>} props.texts
 * @param {Answer} props.value
 * @param {(value: Answer) => void} props.onChange
 */
function Choice({ label, testId, texts, value, onChange }) {
  return (
    <label class="field">
      {label}
      <select
        data-testid={testId}
        value={value}
        onChange={({ currentTarget }) => onChange(/** @type {Answer} */ (currentTarget.value))}
      >
        {Object.entries(texts).map(([answer, text]) => (
          <option key={answer} value={answer}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
