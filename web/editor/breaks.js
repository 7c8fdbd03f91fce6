// Breaks of what is shown of a source, where a browser would take long to lay it out: see render/breakable.js. The
// source itself stays as it is.

/** @import { EditorView } from "@codemirror/view" */

import { Decoration, MatchDecorator, ViewPlugin, WidgetType } from "@codemirror/view";

class Break extends WidgetType {
  toDOM() {
    return document.createElement("wbr");
  }
}

const breaks = new MatchDecorator({
  regexp: /\p{M}{100}|[^\s\u0000-\u024f]{1000}/gu, // eslint-disable-line no-control-regex
  decorate(add, _from, to) {
    add(to, to, Decoration.widget({ widget: new Break(), side: 1 }));
  },
});

export const breakLongRuns = ViewPlugin.define(
  (/** @type {EditorView} */ view) => {
    let decorations = breaks.createDeco(view);
    return {
      get decorations() {
        return decorations;
      },
      update(update) {
        decorations = breaks.updateDeco(update, decorations);
      },
    };
  },
  { decorations: (plugin) => plugin.decorations },
);
