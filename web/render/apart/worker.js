// The worker of apart.js.

import katex from "katex";

import { messageOf } from "../error.js";
import { findIn } from "../find.js";
import { renderBlocks } from "../markdown.js";
import { drawTex } from "../tex.js";

/** @import { Job, Report } from "./apart.js" */

/** @param {Report} report */
const tell = (report) => postMessage(report);

/** @param {Job} job */
function render(job) {
  if (job.kind === "blocks") return renderBlocks(job.text);
  if (job.kind === "find") return findIn(job.texts, job.query);
  return drawTex(katex, job.tex, job.isDisplay);
}

addEventListener("message", ({ data }) => {
  try {
    tell({ kind: "done", result: render(data) });
  } catch (error) {
    tell({ kind: "failed", reason: messageOf(error) });
  }
});

tell({ kind: "ready" });
