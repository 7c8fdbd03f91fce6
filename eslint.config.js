import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import * as regexp from "eslint-plugin-regexp";
import globals from "globals";

/** @import { Rule } from "eslint" */

// React's own rule does this for JSX; without it every component counts as an unused variable.
/** @type {Rule.RuleModule} */
const componentsAreUsed = {
  meta: { type: "problem", schema: [] },
  create({ sourceCode }) {
    /** @param {any} node a JSXIdentifier, which the types of JavaScript's syntax tree do not know */
    const markUsed = (node) => sourceCode.markVariableAsUsed(node.name, node);
    return {
      "JSXOpeningElement > JSXIdentifier": markUsed,
      "JSXMemberExpression > JSXIdentifier.object": markUsed,
    };
  },
};

export default defineConfig([
  globalIgnores([
    ...[".venv/", "build/", "dist/"],
    ...["js/notebook/event-validators.js", "js/notebook/merge/diff3.js"],
  ]),
  {
    files: ["**/*.{js,jsx,mjs}"],
    extends: [js.configs.recommended],
    plugins: { runt: { rules: { "components-are-used": componentsAreUsed } } },
    languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "runt/components-are-used": "error",
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  {
    // Those of Python, and the length of files, are held to it by tests/unit/test_layout.py.
    files: ["js/**", "web/**"],
    plugins: { regexp },
    rules: {
      "max-lines-per-function": ["error", { max: 45 }],
      // What comes in may be long and made to be slow.
      "regexp/no-super-linear-backtracking": "error",
      "regexp/no-super-linear-move": "error",
    },
  },
  {
    // They read what a person has pasted into a field, once.
    files: ["js/runtime/keys/**", "web/providers/**"],
    rules: {
      "regexp/no-super-linear-backtracking": "off",
      "regexp/no-super-linear-move": "off",
    },
  },
  {
    files: ["web/**", "tests/browser/**", "docs/examples/**"],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ["js/**"],
    languageOptions: { globals: { ...globals["shared-node-browser"], ...globals.worker } },
  },
  {
    files: ["bench/page/**"],
    languageOptions: { globals: { ...globals.browser, ...globals.worker } },
  },
  {
    files: ["scripts/**", "tests/js/**", "**/*.mjs", "*.config.js"],
    languageOptions: { globals: globals.node },
  },
]);
