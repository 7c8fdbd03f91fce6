"""The notebook of a course shows in JupyterLite what it shows elsewhere (tests/support/course.py).
The site is built as docs/teaching.md says, so the wheel comes from it."""

from __future__ import annotations

import json
import os

from playwright.sync_api import Browser

from tests.support import course
from tests.support.lab import Lab

# Models are told of this cell, so that it is the same whether a cassette is played or recorded.
SET_UP = """%pip install -q runt-pyodide
import json, js, runt_pyodide
from pathlib import Path
from pyodide.http import pyfetch
answer = await pyfetch(f"{js.location.origin}/set-up.json")
set_up = await answer.json()
runt_pyodide.configure(set_up["config"])
if "cassette" in set_up:
    Path("/tmp/course.json").write_text(set_up["cassette"], "utf-8")
    recording = runt_pyodide.record("/tmp/course.json", "new").start()"""
RECORDED = """recording.stop()
print(Path("/tmp/course.json").read_text("utf-8"))"""
TELL = """{describe}
print(json.dumps([describe(one.outputs) for one in runt_pyodide.ask.session.exchanges]))"""


def told(lab: Lab, source: str) -> str:
    """What a cell prints."""
    cell = lab.run(source)
    assert cell.error is None
    return "".join("".join(one.get("text", "")) for one in cell.outputs)


def test_each_cell_shows_what_is_expected(browser: Browser, jupyterlite: str) -> None:
    records = "RECORD" in os.environ
    set_up = {"config": course.config()}
    if records:
        cassette = course.CASSETTE.read_text("utf-8")
        set_up = {"config": course.scripted(), "cassette": cassette}
    with Lab.opened(browser, jupyterlite) as lab:
        lab.page.context.route("**/set-up.json", lambda route: route.fulfill(json=set_up))
        loader, *cells = course.code_cells()
        told(lab, SET_UP)
        told(lab, loader.source)
        shown = {id: lab.run(source).outputs for id, source in cells}
        answers = json.loads(told(lab, TELL.format(describe=course.DESCRIBE)))
        if records:
            course.CASSETTE.write_text(told(lab, RECORDED), "utf-8")
    asked = [id for id, source in cells if source.startswith("%%ai")]
    described = {
        **{id: course.describe_file_outputs(outputs) for id, outputs in shown.items()},
        **{id: {"ai": outputs} for id, outputs in zip(asked, answers, strict=True)},
    }
    assert {id: one for id, one in described.items() if one} == course.expected()
