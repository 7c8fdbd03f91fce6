"""Figures of matplotlib, charts of Plotly and Altair: what is shown, and what is told in words."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.ai.text.value import describe_value
from tests.support.stages.python_page import Page

FIGURE = """
import matplotlib.pyplot as plt
figure, (left, right) = plt.subplots(1, 2)
figure.suptitle("Both")
left.plot([1, 2, 3], [2, 4, 1], label="sales")
left.set_title("Sales")
left.set_xlabel("day")
right.bar(["a", "b"], [3, 4]); right.scatter([1], [2]); right.imshow([[1, 2]]);
"""
TOLD = [
    "Figure of 640 by 480 pixels with 2 axes “Both”",
    "axes “Sales”; x “day” from 0.9 to 3.1; y from 0.85 to 4.15; line “sales” of 3 points",
    "axes; x from -0.5 to 1.5; y from 0.5 to -0.5; 2 bars; PathCollection of 1 points; "
    "image of shape (1, 2)",
]


def bundles(events: list[Any]) -> list[dict[str, Any]]:
    return [one["args"]["representations"] for one in events if "representations" in one["args"]]


@pytest.mark.filterwarnings("ignore:InlineBackend:DeprecationWarning")  # by traitlets
async def test_figures(page: Page) -> None:
    """In one session: matplotlib asks once which shell shows its figures."""
    [bundle] = bundles(await page.run(FIGURE))
    assert bundle["text/plain"]["data"].split("\n") == TOLD
    about = bundle["image/png"]["metadata"]
    assert 300 < about["width"] < 700 and 300 < about["height"] < 500
    assert describe_value(page.cell.variables()["figure"]).endswith("\n".join(TOLD))
    names = [event["name"] for event in await page.run("plt.plot([1])\nplt.show()\nprint(1)", 2)]
    assert names[0] == "v1.MultimediaDisplayOutputAdded"
    assert names.count(names[0]) == 1
    assert await page.run("plt.show()", 3) == []
    [bundle] = bundles(await page.run("plt.figure(facecolor='none'); plt.plot([1, 2]);", 4))
    assert bundle["image/png"]["metadata"]["needs_background"] == "light"


async def test_a_chart_of_plotly(page: Page) -> None:
    source = "import plotly.express as px\nchart = px.bar(x=['a', 'b'], y=[1, 2], title='T')\nchart"
    [bundle] = bundles(await page.run(source))
    assert bundle["application/vnd.plotly.v1+json"]["data"]["data"][0]["type"] == "bar"
    told = "plotly.Figure: Plotly chart “T”; bar of 2 points; x “x”; y “y”"
    assert describe_value(page.cell.variables()["chart"]) == told


@pytest.mark.parametrize("before", ["", "import polars as pandas\n"])
async def test_a_chart_of_altair(page: Page, before: str) -> None:
    source = (
        f"import altair, pandas\n{before}"
        "data = pandas.DataFrame({'a': [1, 2], 'b': [3, 4]})\n"
        "chart = altair.Chart(data).mark_bar().encode(x='a:O', y='mean(b)')\nchart"
    )
    [bundle] = bundles(await page.run(source))
    [spec] = [mime for mime in bundle if mime.startswith("application/vnd.vegalite.v")]
    assert bundle[spec]["data"]["mark"] == {"type": "bar"}
    told = "Vega-Lite chart; bar: x = a (ordinal), y = mean(b) (quantitative); 2 rows of data"
    assert bundle["text/plain"]["data"] == told
    assert "text/html" not in bundle
    assert describe_value(page.cell.variables()["chart"]) == f"altair.Chart: {told}"
