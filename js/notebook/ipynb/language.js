// The language in which a notebook's code cells are written.

/** @import { Notebook } from "../state/notebook.js" */

import { CARRIED } from "./carried.js";
import { isObject } from "./exact-json.js";

/** The language in which a notebook says that it is written; undefined if it does not say. @param {unknown} metadata @returns {string | undefined} */
export function languageOf(metadata) {
  if (!isObject(metadata)) return undefined;
  const { kernelspec, language_info: info, language } = metadata;
  const said = [kernelspec?.language, info?.name, language];
  return said.find((name) => typeof name === "string" && name !== "");
}

/** @param {string | undefined} language */
export function isPython(language) {
  return language === undefined || /^(?:i?python\d*|pyodide)$/i.test(language);
}

/** The language of a notebook that came from a file in another one than Python; undefined of any other. @param {Notebook} fold */
export function foreignLanguage({ json }) {
  const added = json.get(CARRIED)?.added?.metadata;
  const [kernelspec, info] = ["kernelspec", "language_info"].map((key) => json.get(key));
  const language = languageOf({ kernelspec, language_info: info, language: added?.language });
  return isPython(language) ? undefined : language;
}
