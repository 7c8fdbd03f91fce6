// The rules of .dependency-cruiser.mjs hold: what breaks one is found and named.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import test from "node:test";

const ROOT = resolve(import.meta.dirname, "../..");
const CRUISER = join(ROOT, "node_modules/.bin/depcruise");
const ARGS = ["--config", join(ROOT, ".dependency-cruiser.mjs"), "--output-type", "err"];

/** What is said of modules that stand in a folder of their own. @param {Record<string, string>} files by path */
function cruise(files) {
  const folder = mkdtempSync(join(tmpdir(), "layers-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { status, stdout } = spawnSync(CRUISER, [...ARGS, "js", "web"], {
      cwd: folder,
      encoding: "utf-8",
    });
    return { status, stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const SOUND = {
  "js/index.js": `import "./runtime/runtime.js";\nimport "./stores/memory.js";\n`,
  "js/runtime/runtime.js": `import "../notebook/fold.js";\n`,
  "js/stores/memory.js": `import "../notebook/fold.js";\n`,
  "js/notebook/fold.js": "",
  "web/main.jsx": `import "./ui/page/app.jsx";\n`,
  "web/ui/page/app.jsx": `import "../cells/cell.jsx";\n`,
  "web/ui/cells/cell.jsx": `import "../../app/page.js";\n`,
  "web/app/page.js": `import "../../js/index.js";\n`,
};

/** @type {[what: string, files: Record<string, string>, named: RegExp][]} */
const BROKEN = [
  [
    "a fold that starts a runtime",
    { "js/notebook/fold.js": `import "../runtime/link.js";\n`, "js/runtime/link.js": "" },
    /js: .*js\/notebook\/fold\.js → js\/runtime\/link\.js/,
  ],
  [
    "a runtime that makes a store",
    { "js/runtime/runtime.js": `import "../stores/memory.js";\n` },
    /js: .*js\/runtime\/runtime\.js → js\/stores\/memory\.js/,
  ],
  [
    "a package that knows the page",
    {
      "js/notebook/fold.js": `import "../../web/render/text.js";\n`,
      "web/render/text.js": "",
    },
    /js knows nothing of the page: js\/notebook\/fold\.js → web\/render\/text\.js/,
  ],
  [
    "a page that looks into the package",
    { "web/app/page.js": `import "../../js/runtime/runtime.js";\n` },
    /only the package's entries: web\/app\/page\.js → js\/runtime\/runtime\.js/,
  ],
  [
    "a state that draws",
    { "web/app/page.js": `import "../ui/parts/icon.jsx";\n`, "web/ui/parts/icon.jsx": "" },
    /web: .*web\/app\/page\.js → web\/ui\/parts\/icon\.jsx/,
  ],
  [
    "a folder that is in no layer",
    { "web/app/page.js": `import "../more/new.js";\n`, "web/more/new.js": "" },
    /web: every module is in a layer: web\/app\/page\.js → web\/more\/new\.js/,
  ],
  [
    "a circle",
    {
      "web/app/page.js": `import "./actions.js";\n`,
      "web/app/actions.js": `import "./page.js";\n`,
    },
    /no circles: web\/app\/(page|actions)\.js/,
  ],
  ["a module that nothing imports", { "web/app/left.js": "" }, /no orphans: web\/app\/left\.js/],
  [
    "a module that is not there",
    { "web/app/page.js": `import "./gone.js";\n` },
    /what is imported exists: web\/app\/page\.js → \.\/gone\.js/,
  ],
];

test("what keeps to the layers passes", () => {
  const { status, stdout } = cruise(SOUND);
  assert.equal(status, 0, stdout);
});

for (const [what, files, named] of BROKEN) {
  test(`${what} is named`, () => {
    const { status, stdout } = cruise({ ...SOUND, ...files });
    assert.notEqual(status, 0);
    assert.match(stdout, named);
  });
}
