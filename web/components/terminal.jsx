// Text from Python: streams and errors.

// Colours and cursor moves of a terminal (ECMA-48 control sequences), which a page does not show.
// eslint-disable-next-line no-control-regex
const CONTROLS = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** @param {unknown} text whatever an event holds in the place of a text */
function plain(text) {
  return String(text).replace(CONTROLS, "");
}

/** @param {{ text: string, name: string }} props */
export function Stream({ text, name }) {
  return (
    <pre class={`stream ${name}`} data-testid="stream" data-stream={name}>
      {plain(text)}
    </pre>
  );
}

/** @param {{ error: { ename?: unknown, evalue?: unknown, traceback?: unknown } }} props */
export function Failure({ error: { ename = "", evalue = "", traceback } }) {
  const lines = Array.isArray(traceback) ? traceback : [];
  return (
    <div class="failure" data-testid="error">
      <p>
        <strong>{plain(ename)}</strong>
        {ename && evalue ? ": " : ""}
        {plain(evalue)}
      </p>
      {lines.length > 0 && (
        <pre tabIndex={0} aria-label="Traceback">
          {plain(lines.join("\n"))}
        </pre>
      )}
    </div>
  );
}
