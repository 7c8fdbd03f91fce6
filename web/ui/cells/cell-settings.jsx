// The own settings of an AI cell: a mark in its head if it has any, and the dialog in which they are set.

/** @import { Cell } from "../../../js/notebook/state/cells.js" */
/** @import { AISettings, ReasoningEffort } from "../../../js/types-notebook.d.ts" */

import { REASONING_EFFORTS } from "../../../js/notebook/index.js";
import { usePage } from "../../app/page.js";
import { Dialog } from "../parts/dialog.jsx";

/** In the order in which they are told. @type {Record<keyof AISettings, string>} */
const TITLES = {
  temperature: "temperature",
  topP: "top P",
  maxTokens: "output tokens",
  seed: "seed",
  stop: "stop at",
  reasoningEffort: "reasoning effort",
  webSearch: "web search",
  systemPrompt: "system prompt",
  tools: "no tools",
  context: "without the cells above",
  raw: "braces as written",
  format: "answer as",
  answer: "answer in",
};
const NAMED = ["systemPrompt", "tools", "context", "raw"];
/** @type {Record<NonNullable<AISettings["format"]>, string>} */
const FORMATS = { markdown: "Markdown", code: "Code, in a cell below", json: "JSON" };

/** @param {{ cell: Cell }} props */
export function OwnSettings({ cell }) {
  const page = usePage();
  const told = describe(page.nb.settings(cell));
  if (!told) return null;
  return (
    <button
      type="button"
      class="badge own-settings"
      data-testid="own-settings"
      aria-label={`Settings of this cell: ${told}`}
      title={told}
      onClick={() => page.dialogs.open({ name: "cell-settings", cellId: cell.id })}
    >
      {told}
    </button>
  );
}

/** @param {AISettings} settings */
function describe(settings) {
  const names = /** @type {(keyof AISettings)[]} */ (Object.keys(TITLES));
  return names
    .filter((name) => settings[name] !== undefined)
    .map((name) => (NAMED.includes(name) ? TITLES[name] : `${TITLES[name]} ${say(settings[name])}`))
    .join(", ");
}

/** @param {AISettings[keyof AISettings]} value */
function say(value) {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value !== "object") return value;
  if ("name" in value) return value.type ? `${value.name}: ${value.type}` : value.name;
  return value.map((text) => JSON.stringify(text)).join(" ");
}

/** @param {{ cellId: string }} props */
export function CellSettings({ cellId }) {
  const page = usePage();
  const { close } = page.dialogs;
  const cell = page.signals.cell(cellId);
  if (!cell) return null;
  const settings = page.nb.settings(cell);
  /** @param {AISettings} chosen */
  const save = (chosen) => {
    page.actions.edit("settings", () => page.nb.setSettings(cellId, chosen));
    close();
  };
  return (
    <Dialog title="Settings of this cell" testId="cell-settings-dialog" onClose={close}>
      <p class="hint">
        An empty field is left to the service. If the model does not take a setting, the output says
        so.
      </p>
      <form
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          save(readForm(new FormData(event.currentTarget)));
        }}
      >
        <Fields settings={settings} />
        <div class="buttons">
          <button type="button" class="aside" data-testid="reset-settings" onClick={() => save({})}>
            Reset
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary" data-testid="save-settings">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** @param {{ settings: AISettings }} props */
function Fields({ settings }) {
  const { systemPrompt, temperature, topP, maxTokens, seed, stop = [] } = settings;
  return (
    <>
      <label class="field">
        Added to the system prompt
        <textarea name="systemPrompt" rows={3} data-testid="system-prompt" value={systemPrompt} />
      </label>
      <div class="field-grid">
        <NumberField name="temperature" label="Temperature" value={temperature} max="2" />
        <NumberField name="topP" label="Top P" value={topP} max="1" />
        <NumberField
          name="maxTokens"
          label="Limit of output tokens"
          value={maxTokens}
          min="1"
          step="1"
        />
        <NumberField name="seed" label="Seed" value={seed} min="" step="1" />
      </div>
      <label class="field">
        Stop before any of these texts, one per line (\n is a line break)
        <textarea
          name="stop"
          rows={2}
          data-testid="stop-texts"
          value={stop.map(escapeLines).join("\n")}
        />
      </label>
      <ServiceFields settings={settings} />
      <AnswerFields settings={settings} />
    </>
  );
}

/** @param {{ settings: AISettings }} props */
function ServiceFields({ settings: { reasoningEffort, webSearch } }) {
  return (
    <div class="field-grid">
      <label class="field">
        Reasoning effort
        <select name="reasoningEffort" data-testid="reasoning-effort" value={reasoningEffort ?? ""}>
          <option value="">The model’s default</option>
          {REASONING_EFFORTS.map((effort) => (
            <option key={effort} value={effort}>
              {effort}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        Web search by the service
        <select
          name="webSearch"
          data-testid="cell-web-search"
          value={webSearch === undefined ? "" : say(webSearch)}
        >
          <option value="">As in the provider’s settings</option>
          <option value="on">On</option>
          <option value="off">Off</option>
        </select>
      </label>
    </div>
  );
}

/** @param {{ settings: AISettings }} props */
function AnswerFields({ settings: { tools = true, context = true, raw = false, format, answer } }) {
  return (
    <>
      <label class="field">
        Format of the answer
        <select name="format" data-testid="answer-format" value={format ?? ""}>
          <option value="">What the model chooses</option>
          {Object.entries(FORMATS).map(([format, title]) => (
            <option key={format} value={format}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <div class="field-grid">
        <label class="field">
          Variable for the answer
          <input name="answerName" data-testid="answer-name" value={answer?.name} />
        </label>
        <label class="field">
          Its type, such as list[str]
          <input name="answerType" data-testid="answer-type" value={answer?.type} />
        </label>
      </div>
      <label class="choice">
        <input type="checkbox" name="tools" data-testid="offer-tools" checked={tools} />
        Offer the model tools
      </label>
      <label class="choice">
        <input type="checkbox" name="context" data-testid="send-context" checked={context} />
        Send the cells above
      </label>
      <label class="choice">
        <input type="checkbox" name="fill" data-testid="fill-expressions" checked={!raw} />
        Put values in place of expressions, such as {"{rows[0]}"}
      </label>
    </>
  );
}

/** @param {{ name: string, label: string, value?: number, min?: string, max?: string, step?: string }} props */
function NumberField({ name, label, value, min = "0", max, step = "any" }) {
  return (
    <label class="field">
      {label}
      <input type="number" data-testid={name} {...{ name, value, min, max, step }} />
    </label>
  );
}

/** A line break within a text, as one types it. @param {string} text */
function escapeLines(text) {
  return text.replaceAll("\n", "\\n");
}

/** @param {FormData} form @returns {AISettings} */
function readForm(form) {
  const text = (/** @type {string} */ name) =>
    String(form.get(name) ?? "").replaceAll("\r\n", "\n");
  const number = (/** @type {string} */ name) =>
    text(name) === "" ? undefined : Number(text(name));
  const lines = text("stop").split("\n");
  const [name, type] = [text("answerName").trim(), text("answerType").trim()];
  const stop = lines.filter((line) => line !== "").map((line) => line.replaceAll("\\n", "\n"));
  return {
    systemPrompt: text("systemPrompt").trim() || undefined,
    temperature: number("temperature"),
    topP: number("topP"),
    maxTokens: number("maxTokens"),
    seed: number("seed"),
    stop: stop.length > 0 ? stop : undefined,
    reasoningEffort: /** @type {ReasoningEffort} */ (text("reasoningEffort")) || undefined,
    webSearch: { on: true, off: false }[text("webSearch")],
    tools: form.has("tools") ? undefined : false,
    context: form.has("context") ? undefined : false,
    raw: form.has("fill") ? undefined : true,
    format: /** @type {AISettings["format"]} */ (text("format")) || undefined,
    answer: name ? { name, ...(type && { type }) } : undefined,
  };
}
