// Shows a display or a result, by the best of its representations that the page can show.

/** @import { Bundle as BundleOf } from "../../../js/notebook/state/output.js" */

import { Fold } from "./fold.jsx";
import { Frame, Html } from "./frame.jsx";
import { JsonTree } from "./json-tree.jsx";
import { Markdown } from "./markdown.jsx";
import { Picture, Svg } from "./picture.jsx";
import { Table } from "./table.jsx";
import { DATA_RESOURCE } from "./table-data.js";
import { Stream } from "./terminal.jsx";
import { describeUnshown } from "./unshown.js";

/** @typedef {{ data: any, type: string, metadata: any, text: any }} ViewProps */

/** Some libraries write JSON as a string. @param {any} data */
const parsed = (data) => (typeof data === "string" ? JSON.parse(data) : data);

/** The preferred types first. @type {[pattern: RegExp, view: (props: ViewProps) => any][]} */
const VIEWS = [
  [
    /^application\/vnd\.plotly\.v1\+json$/,
    ({ data }) => <Frame kind="plotly" data={parsed(data)} title="Plotly chart" />,
  ],
  [
    /^application\/vnd\.vega(lite)?\.v\d+(\.json|\+json)$/,
    ({ data }) => <Frame kind="vega" data={parsed(data)} title="Vega chart" />,
  ],
  [/^text\/html$/, ({ data }) => <Html html={String(data)} />],
  [/^image\/svg\+xml$/, Svg],
  [/^image\/(png|jpeg|gif|webp|avif)$/, Picture],
  [/^text\/(markdown|latex)$/, ({ data }) => <Markdown text={String(data)} />],
  [
    /^application\/(json|geo\+json)$/,
    ({ data }) => <Fold what="output">{() => <JsonTree data={data} />}</Fold>,
  ],
  [/^text\/plain$/, ({ data }) => <Stream text={String(data)} name="stdout" />],
];

/** @param {{ bundle: BundleOf }} props */
export function Bundle({ bundle }) {
  if (bundle[DATA_RESOURCE]?.type === "inline") return <TableOr bundle={bundle} />;
  const { type, View } = findView(bundle);
  const unshown = describeUnshown(bundle, type);
  const { data, metadata = {} } = type === undefined ? {} : bundle[type];
  const text = bundle["text/plain"]?.data;
  return (
    <div class="result" data-testid="result" data-mime={type}>
      {unshown && (
        <p class="unshown" data-testid="unshown">
          {unshown.sentence}
        </p>
      )}
      {type !== undefined && !unshown?.hidesText && <View {...{ data, type, metadata, text }} />}
    </div>
  );
}

/** A table in a grid; if it cannot be shown there, as the rest of the bundle has it. @param {{ bundle: BundleOf }} props */
function TableOr({ bundle: { [DATA_RESOURCE]: shown, ...rest } }) {
  const { data, metadata } = shown;
  return (
    <div class="result" data-testid="result" data-mime={DATA_RESOURCE}>
      <Table data={data} metadata={metadata}>
        <Bundle bundle={rest} />
      </Table>
    </div>
  );
}

/** The best of the types that the page can show; none if it can show none. @param {BundleOf} bundle */
function findView(bundle) {
  const types = Object.keys(bundle).filter((type) => bundle[type].type === "inline");
  for (const [pattern, View] of VIEWS) {
    const type = types.find((each) => pattern.test(each));
    if (type !== undefined) return { type, View };
  }
  return { type: undefined, View: () => null };
}
