// The beginning of a file.

/** @import { StoredFile } from "../../../js/types.d.ts" */
/** @import { Preview } from "../../app/folder/preview.js" */

import { useEffect, useState } from "preact/hooks";

import { ENCODINGS, previewOf } from "../../app/folder/preview.js";
import { messageOf } from "../../render/error.js";
import { Problem } from "../parts/problem.jsx";

/** @param {{ file: StoredFile }} props */
export function FilePreview({ file: { path, content } }) {
  const [preview, setPreview] = useState(/** @type {Preview | undefined} */ (undefined));
  const [problem, setProblem] = useState("");
  const [encoding, setEncoding] = useState(/** @type {string | undefined} */ (undefined));
  useEffect(() => {
    let isCurrent = true;
    previewOf(path, content, encoding).then(
      (made) => isCurrent && (setPreview(made), setProblem("")),
      (error) => isCurrent && setProblem(messageOf(error)),
    );
    return () => void (isCurrent = false);
  }, [path, content, encoding]);
  if (problem) {
    return <Problem text={`This file cannot be read any more (${problem}). Add it again.`} />;
  }
  if (!preview) return null;
  return (
    <div class="preview" data-testid="preview">
      {"encoding" in preview && (preview.isWrong || encoding) && (
        <Encoding {...{ preview, onChoose: setEncoding }} />
      )}
      <Shown preview={preview} />
      {"isWhole" in preview && !preview.isWhole && <p class="hint">This is the beginning.</p>}
    </div>
  );
}

/** @param {{ preview: Preview & { encoding: string, isWrong: boolean }, onChoose: (encoding: string) => void }} props */
function Encoding({ preview: { encoding, isWrong }, onChoose }) {
  return (
    <p class="hint" role="status" data-testid="encoding">
      {isWrong && `This text is not ${encoding}, so some of its letters are wrong. `}
      <label>
        Read it as{" "}
        <select value={encoding} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
          {ENCODINGS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {isWrong || ` Python reads it with encoding="${encoding}".`}
    </p>
  );
}

/** @param {{ preview: Preview }} props */
function Shown({ preview }) {
  switch (preview.kind) {
    case "picture":
      return <img src={preview.address} alt="" />;
    case "table":
      return <Table rows={preview.rows} />;
    case "text":
      return <pre tabIndex={0}>{preview.text.slice(0, 8000)}</pre>;
    case "empty":
      return <p class="hint">This file is empty.</p>;
    case "binary":
      return <p class="hint">This file is not text: read it with Python, or download it.</p>;
  }
}

/** @param {{ rows: readonly (readonly string[])[] }} props */
function Table({ rows: [head = [], ...rows] }) {
  return (
    <div class="table" tabIndex={0} role="region" aria-label="Beginning of the table">
      <table>
        <thead>
          <tr>
            {head.map((cell, place) => (
              <th key={place} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={place}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
