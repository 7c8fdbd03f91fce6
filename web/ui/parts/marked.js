// Marks what a reader could not see in all that the page says: tools, models, titles and reasons have names that files
// and servers chose.
//
// The page says the strings that are written directly into an element, and the attributes that are read out or pointed
// at. What is shown as somebody wrote it, whatever its script needs, goes through AsWritten.

import { options } from "preact";

import { showHidden } from "../../render/hidden.js";

const SAID = ["alt", "aria-label", "label", "placeholder", "title"];

/** Marks it from now on, in whatever is drawn. */
export function markWhatIsSaid() {
  const next = options.vnode;
  options.vnode = (vnode) => {
    if (typeof vnode.type === "string") mark(/** @type {any} */ (vnode.props));
    next?.(vnode);
  };
}

/** @param {{ children?: unknown, [name: string]: unknown }} props of an element, which are nobody else's */
function mark(props) {
  for (const name of SAID) if (typeof props[name] === "string") props[name] = marked(props[name]);
  if (props.children !== undefined) props.children = marked(props.children);
}

/** @param {unknown} children @returns {unknown} */
function marked(children) {
  if (typeof children === "string") return showHidden(children);
  return Array.isArray(children) ? children.map(marked) : children;
}

/** A text of the notebook. @param {{ text: string }} props */
export function AsWritten({ text }) {
  return text;
}
