// Which module may import which, in js/ and web/. `npm run layers` names what breaks a rule; then `make check` fails.
//
// It checks imports, but not types in JSDoc comments (`@import`). Those cost nothing at run time; reviewers keep
// them to the same layers.

/** @import { IConfiguration, IForbiddenRuleType } from "dependency-cruiser" */

/**
 * One rule for each layer: it may not import those above it, nor those beside it; and one for what is in none.
 * @param {string} what the folder of the layers
 * @param {string[][]} layers regular expressions of paths, the top first; one line holds those that do not know each other
 * @returns {IForbiddenRuleType[]}
 */
function layered(what, layers) {
  /** @type {IForbiddenRuleType} */
  const complete = {
    name: `${what}: every module is in a layer`,
    severity: "error",
    from: {},
    to: { path: `^${what}/`, pathNot: [...layers.flat(), "[.]css$"] },
  };
  const rules = layers.flatMap((beside, depth) =>
    beside.flatMap((path) => {
      const unknown = [
        ...layers.slice(0, depth).flat(),
        ...beside.filter((other) => other !== path),
      ];
      if (unknown.length === 0) return [];
      const name = `${what}: ${path} knows only what is below it`;
      /** @type {IForbiddenRuleType} */
      const rule = { name, severity: "error", from: { path }, to: { path: unknown } };
      return [rule];
    }),
  );
  return [complete, ...rules];
}

/** @type {IConfiguration} */
export default {
  forbidden: [
    // A runtime is given a store and never makes one, so neither of runtime and stores knows the other.
    ...layered("js", [
      ["^js/(index|livestore|worker)[.]js$"],
      ["^js/livestore-schema[.]js$"],
      ["^js/runtime/", "^js/stores/"],
      ["^js/notebook/", "^js/place[.]js$"],
    ]),
    // The page's state and actions (app) are below the components (ui), which use them. They include the settings
    // of the providers, so providers is below app, and the forms are in ui/providers.
    ...layered("web", [
      ["^web/main[.]jsx$"],
      ["^web/ui/", "^web/boot/"],
      ["^web/app/"],
      ["^web/editor/", "^web/grid/", "^web/providers/", "^web/storage/", "^web/sandbox/"],
      ["^web/render/"],
    ]),
    ...layered("web/ui", [
      ["^web/ui/page/"],
      ["^web/ui/rail/"],
      ["^web/ui/cells/"],
      ["^web/ui/runs/", "^web/ui/providers/"],
      ["^web/ui/outputs/"],
      ["^web/ui/parts/"],
    ]),
    {
      name: "js knows nothing of the page",
      comment: "The package is for every page.",
      severity: "error",
      from: { path: "^js/" },
      to: { path: "^web/" },
    },
    {
      name: "the page imports only the package's entries",
      comment:
        "It is one embedder among others, which also draws what an AI run left in its outputs, and has a store " +
        "of its own that merges sources as liveStore does.",
      severity: "error",
      from: { path: "^web/" },
      to: {
        path: "^js/",
        pathNot:
          "^js/((index|livestore|livestore-schema)|notebook/(index|ai-record|ai-run|merge/sources))[.]js$",
      },
    },
    {
      name: "only storage loads LiveStore",
      comment: "A notebook in memory does without it.",
      severity: "error",
      from: { path: "^(js|web)/", pathNot: "^(js/(stores/|livestore)|web/storage/)" },
      to: { path: "@livestore/|^js/livestore" },
    },
    {
      name: "no circles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no orphans",
      comment: "Nothing imports it: delete it, or import it.",
      severity: "error",
      from: { orphan: true, pathNot: "^web/(service-worker|boot/browser-check)[.]js$" },
      to: {},
    },
    {
      name: "what is imported exists",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    preserveSymlinks: true,
    enhancedResolveOptions: {
      extensions: [".js", ".jsx", ".css", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "browser", "default"],
    },
  },
};
