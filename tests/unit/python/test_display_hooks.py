"""What Python cells display, and how objects that fail to describe themselves are shown."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from runt_pyodide.errors import CellError
from tests.support.stages.python_page import Page, display, inline, result, text


async def test_display_and_its_update(page: Page) -> None:
    source = (
        "from IPython.display import HTML, update_display\n"
        "display(1)\n"
        "display(HTML('<i>2</i>'), display_id='two')\n"
        "update_display(3, display_id='two')"
    )
    html = {"text/plain": "<IPython.core.display.HTML object>", "text/html": "<i>2</i>"}
    assert await page.run(source) == [
        display(1, 0, {"text/plain": "1"}),
        display(2, 1, html, displayId="two"),
        {
            "name": "v1.MultimediaDisplayOutputUpdated",
            "args": {"displayId": "two", "representations": inline({"text/plain": "3"})},
        },
    ]


async def test_what_is_displayed_between_cells_is_shown_nowhere(page: Page) -> None:
    await page.run("publish = get_ipython().display_pub.publish")
    sys.modules["__main__"].publish({"text/plain": "late"})
    assert page.events == []
    assert await page.run("publish({'text/plain': 'now'})") == [
        display(1, 0, {"text/plain": "now"})
    ]


@pytest.mark.parametrize("wait", [True, False])
async def test_clear_output_is_known_as_the_sessions_own(page: Page, wait: bool) -> None:
    source = (
        "from IPython.display import clear_output\n"
        f"print('a', end='')\nclear_output(wait={wait})\nprint('b', end='')"
    )
    cleared = {"cellId": "cell", "wait": wait, "clearedBy": "session"}
    assert await page.run(source) == [
        text(1, 0, "a"),
        {"name": "v1.CellOutputsCleared", "args": cleared},
        text(2, 1, "b"),
    ]


async def test_every_representation_goes_along(page: Page) -> None:
    source = """
class Chart:
    def __repr__(self): return "chart"
    def _repr_html_(self): return "<p>"
    def _repr_png_(self): return b"\\x89PNG", {"width": 3}
    def _repr_svg_(self): return "<svg/>"
    def _repr_latex_(self): return "$x$"
    def _repr_json_(self): return {"a": float("nan")}
    def _repr_mimebundle_(self, **_):
        return {"application/vnd.plotly.v1+json": {"data": (1, float("inf"))}}
Chart()
"""
    expected = result(
        1,
        0,
        {
            "application/vnd.plotly.v1+json": {"data": [1, None]},
            "text/plain": "chart",
            "text/html": "<p>",
            "image/svg+xml": "<svg/>",
            "image/png": "iVBORw==",
            "text/latex": "$x$",
            "application/json": {"a": None},
        },
    )
    expected["args"]["representations"]["image/png"]["metadata"] = {"width": 3}
    assert await page.run(source) == [expected]


async def test_a_repr_that_raises_is_shown_as_what_it_raised(page: Page) -> None:
    source = "class Bad:\n    def __repr__(self): raise ValueError('no repr')\nBad()"
    shown = "<Bad: its repr raised ValueError: no repr>"
    assert await page.run(source) == [result(1, 0, {"text/plain": shown})]


async def test_a_rich_repr_that_raises_leaves_the_plain_one(page: Page) -> None:
    source = """class Half:
    def __repr__(self): return "half"
    def _repr_html_(self): return 1 / 0
Half()
"""
    printed = (
        "Traceback (most recent call last):\n"
        '  File "Cell In[1]", line 3, in _repr_html_\n'
        "    def _repr_html_(self): return 1 / 0\n"
        "                                  ~~^~~\n"
        "ZeroDivisionError: division by zero\n"
    )
    assert await page.run(source) == [
        text(1, 0, printed, "stderr"),
        result(2, 1, {"text/plain": "half"}),
    ]


# What matplotlib's inline backend does with the shell, without its figures.
PYPLOT = """
import os
from IPython import get_ipython
from IPython.display import display

class Figure:
    def __repr__(self): return f"<Figure for {os.environ['MPLBACKEND']}>"
    def _repr_png_(self): return b"\\x89PNG"

drawn = []
def plot(): drawn.append(Figure())
def flush():
    while drawn: display(drawn.pop(0))
get_ipython().events.register("post_execute", flush)
"""


async def test_figures_are_displayed_after_the_cell_that_drew_them(
    page: Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MPLBACKEND")
    (tmp_path / "stand_in_pyplot.py").write_text(PYPLOT)
    monkeypatch.syspath_prepend(tmp_path)
    shown = {
        "text/plain": "<Figure for module://matplotlib_inline.backend_inline>",
        "image/png": "iVBORw==",
    }
    source = "import stand_in_pyplot as plt\nplt.plot()\nplt.plot()\nprint('drawn', end='')"
    assert await page.run(source) == [
        text(1, 0, "drawn"),
        display(2, 1, shown),
        display(3, 2, shown),
    ]
    await page.run("2")
    with pytest.raises(CellError):
        await page.run("plt.plot()\n1 / 0")
    assert page.events == [display(1, 0, shown)]


async def test_a_figure_of_plotly_is_its_data(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    class BaseFigure:
        """Its own way to show itself asks for a package that is not there."""

        def __repr__(self) -> str:
            return "Figure()"

        def _ipython_display_(self) -> None:
            raise ValueError("Mime type rendering requires nbformat>=4.2.0")

        def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
            return {"application/vnd.plotly.v1+json": {"renderer": os.environ["PLOTLY_RENDERER"]}}

    monkeypatch.delenv("PLOTLY_RENDERER")
    BaseFigure.__module__ = "plotly.basedatatypes"
    await page.run("1")
    namespace = await page.cell.namespace()
    namespace["figure"] = type("Figure", (BaseFigure,), {})()
    bundle = {
        "application/vnd.plotly.v1+json": {"renderer": "plotly_mimetype"},
        "text/plain": "Figure()",
    }
    assert await page.run("figure") == [result(1, 0, bundle)]
    assert await page.run("display(figure)") == [display(1, 0, bundle)]
