"""Progress bars and widgets: real tqdm and real ipywidgets, without a live connection."""

from __future__ import annotations

import re
import sys

import pytest

from tests.support.stages.python_page import Page

pytestmark = pytest.mark.usefixtures("own_modules")
FULL = re.compile(r"100%\|\S+\| 3/3 \[.+\]$")


@pytest.mark.parametrize("emscripten", [True, False])
async def test_tqdm_auto_is_a_bar_without_a_warning(
    page: Page, emscripten: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if emscripten:  # by this module, which IPython imports there, tqdm knows the browser
        monkeypatch.setitem(sys.modules, "IPython.utils._process_emscripten", sys)
    await page.run("from tqdm.auto import tqdm\nfor i in tqdm([1, 2, 3]): pass")
    (text,) = [one["text/plain"] for one in page.shown()] if emscripten else [page.printed()]
    assert FULL.search(text.rstrip())
    assert "Warning" not in page.printed()


WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("w.IntSlider(value=3)", "IntSlider(value=3)"),
        ("w.HBox([w.Button(), w.Text('a')])", "HBox(children=(Button("),
        ("w.FloatProgress(value=0.5)", "FloatProgress(value=0.5)"),
    ],
)
async def test_a_widget_raises_nothing_and_says_what_it_is(
    page: Page, source: str, text: str
) -> None:
    await page.run(f"import ipywidgets as w\nwidget = {source}\nwidget")
    (bundle,) = page.shown()
    assert bundle["text/plain"].startswith(text)
    assert WIDGET in bundle
    await page.run("widget.layout.width = '10px'; widget.close()", 2)


async def test_interact_shows_what_its_function_shows(page: Page) -> None:
    await page.run("import ipywidgets as w\nw.interact(lambda x: x * 2, x=3);")
    assert page.shown()[0]["text/plain"] == "6"


async def test_to_open_a_comm_raises_nothing(page: Page) -> None:
    await page.run(
        "import comm\nopened = comm.create_comm(target_name='anything', data={})\n"
        "opened.send({}); opened.on_msg(print); opened.close()\n"
        "comm.get_comm_manager().register_target('x', lambda *_: None)"
    )
    assert page.events == []
