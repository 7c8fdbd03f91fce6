"""A Python that starts from the site's snapshot is as one that starts by itself."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from tests.support.browser.fixtures import NewContext

# What Python notes when it starts, and what it can do, as a JSON object.
_ABOUT = """
import asyncio, importlib.metadata, json, locale, os, random, sqlite3, sys, time
import IPython, pydantic, pygments.lexers, runt_pyodide.bridge
from pyodide.ffi import can_run_sync, run_sync
import js, pyodide_js

class Counted(pydantic.BaseModel):
    number: int

async def five():
    await asyncio.sleep(0)
    return 5

json.dumps({
    "path": sys.path, "arguments": sys.argv, "executable": sys.executable, "flags": str(sys.flags),
    "environment": dict(os.environ), "folder": os.getcwd(), "locale": locale.getlocale(),
    "zone": [time.tzname, time.timezone, time.altzone, time.daylight],
    "times": [str(time.localtime(at)) + time.localtime(at).tm_zone for at in (1.70e9, 1.72e9)],
    "versions": sorted((d.name, d.version) for d in importlib.metadata.distributions()),
    "loaded": sorted(pyodide_js.loadedPackages.to_py().items()),
    "counted": Counted(number="3").model_dump_json(),
    "lexer": str(pygments.lexers.get_lexer_by_name("rust")),
    "rows": sqlite3.connect(":memory:").execute("select 1").fetchall(),
    "waited": [can_run_sync(), run_sync(five())],
    "page": js.location.href, "written": sys.stdout.encoding,
    "random": random.random(), "modules": len(sys.modules),
})
"""
_START = """async ([address, about]) => {
  const warnings = [];
  const pyodideURL = `${address}/pyodide/`;
  const { loadPython } = await import(`${address}/js/runtime/boot/python.js`);
  const packages = ["runt-pyodide"];
  const restored = await loadPython({ pyodideURL, packages }, (_, text) => warnings.push(text));
  const { loadPyodide } = await import(`${pyodideURL}pyodide.mjs`);
  const begun = await loadPyodide({ indexURL: pyodideURL });
  const imported = restored.runPython("import sys; 'runt_pyodide.bridge' in sys.modules");
  await begun.loadPackage([...packages, "ipython"], { messageCallback() {} });
  const told = [];
  for (const one of [restored, restored, begun]) told.push(await one.runPythonAsync(about));
  return { warnings, imported, told };
}"""


def test_a_python_from_the_snapshot_is_as_one_that_started(
    new_context: NewContext, site: str
) -> None:
    page: Page = new_context(timezone_id="America/New_York", locale="de-DE").new_page()
    page.goto(f"{site}/js/package.json")
    said: dict[str, Any] = page.evaluate(_START, [site, _ABOUT])
    assert said["warnings"] == []
    assert said["imported"]
    restored, again, begun = map(json.loads, said["told"])
    numbers = [each.pop("random") for each in (restored, again, begun)]
    assert len(set(numbers)) == len(numbers)
    assert restored.pop("modules") >= begun.pop("modules")
    assert restored == begun
    assert restored["zone"][0] == ["UTC-0500", "UTC-0400"]
    assert restored["waited"] == [True, 5]
