"""How libraries show what they draw. The libraries themselves are tested in tests/data_packages."""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any

import pytest

from runt_pyodide.python.kernel.libraries import tell_figure
from tests.support.stages.python_page import Page, display

ALTAIR = """
class TopLevelMixin:
    __module__ = "altair.vegalite.v6.api"
    def _repr_mimebundle_(self, include=None, exclude=None):
        import altair
        if altair.renderers.active == "mimetype":
            return {"application/vnd.vegalite.v6.json": {"mark": "bar"}, "text/plain": "no"}
        return {"text/html": f"<b>{altair.renderers.active}</b>"}
display(TopLevelMixin())
"""


class Renderers:
    """As Altair's: `enable` is undone at the end of a with statement."""

    def __init__(self, active: str) -> None:
        self.active = active

    def enable(self, name: str) -> Any:
        before, self.active = self.active, name
        renderers = self

        class Enabled:
            def __enter__(self) -> None: ...

            def __exit__(self, *_: object) -> None:
                renderers.active = before

        return Enabled()


@pytest.mark.parametrize(
    ("active", "shown"),
    [
        (
            "default",
            {
                "application/vnd.vegalite.v6.json": {"mark": "bar"},
                "text/plain": "Vega-Lite chart; bar",
            },
        ),
        ("html", {"text/html": "<b>html</b>"}),
    ],
)
async def test_a_chart_of_altair_is_data_unless_another_renderer_is_chosen(
    page: Page, monkeypatch: pytest.MonkeyPatch, active: str, shown: dict[str, Any]
) -> None:
    altair = ModuleType("altair")
    altair.renderers = Renderers(active)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "altair", altair)
    [event] = await page.run(ALTAIR)
    wanted = display(1, 0, shown)["args"]["representations"]
    assert wanted.items() <= event["args"]["representations"].items()
    assert altair.renderers.active == active


async def test_libraries_are_told_how_to_show_what_they_draw(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)
    await page.run("1")
    assert os.environ["MPLBACKEND"] == "module://matplotlib_inline.backend_inline"
    assert os.environ["PLOTLY_RENDERER"] == "plotly_mimetype"


@pytest.mark.parametrize("value", [None, 3, "Figure", object(), type])
def test_what_is_no_figure(value: Any) -> None:
    assert tell_figure(value) is None
