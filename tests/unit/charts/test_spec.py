"""Charts in words, without their data."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.charts.spec import PLOTLY, VEGA_LITE, describe_chart

VEGA = "application/vnd.vega.v6+json"
NUMBERS = {"dtype": "f8", "bdata": base64.b64encode(bytes(24)).decode()}
ENCODING = {
    "x": {"field": "day", "type": "ordinal"},
    "y": {"field": "n", "type": "quantitative", "aggregate": "mean"},
    "color": {"value": "red"},
    "tooltip": {"condition": []},
}
BARS = {"mark": {"type": "bar"}, "encoding": ENCODING}
TOLD_BARS = "bar: x = day (ordinal), y = mean(n) (quantitative), color = red"


@pytest.mark.parametrize(
    ("mime", "spec", "told"),
    [
        (
            PLOTLY,
            {
                "data": [{"type": "bar", "name": "2026", "x": ["a", "b"]}, {"y": NUMBERS}, 3],
                "layout": {"title": {"text": "Sales"}, "xaxis": {"title": "day"}, "yaxis2": {}},
            },
            "Plotly chart “Sales”; bar “2026” of 2 points; scatter of 3 points; x “day”",
        ),
        (PLOTLY, {}, "Plotly chart"),
        (
            VEGA_LITE,
            {"title": ["Two", "lines"], **BARS, "data": {"values": [{"day": 1}, {"day": 2}]}},
            f"Vega-Lite chart “Two lines”; {TOLD_BARS}; 2 rows of data",
        ),
        (
            "application/vnd.vegalite.v5+json",
            {
                "hconcat": [{"layer": [BARS, {"mark": "rule"}]}, {"spec": BARS}],
                "datasets": {"a": [1]},
            },
            f"Vega-Lite chart; {TOLD_BARS}; rule; {TOLD_BARS}; 1 rows of data",
        ),
        (
            VEGA,
            {"marks": [{"type": "rect"}, {}], "axes": [{"title": "n"}, {}, 4]},
            "Vega chart; marks: rect, None; axis “n”",
        ),
        ("application/json", {"data": []}, ""),
        (PLOTLY, "text", ""),
    ],
)
def test_a_chart(mime: str, spec: Any, told: str) -> None:
    assert describe_chart(mime, spec) == told


KEYS = ("data", "layout", "mark", "encoding", "layer", "spec", "marks", "axes", "title", "type")
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
)


@given(st.dictionaries(st.sampled_from(KEYS), JSON), st.sampled_from([PLOTLY, VEGA_LITE, VEGA]))
def test_whatever_a_file_holds_is_told_in_short(spec: Any, mime: str) -> None:
    assert 0 < len(describe_chart(mime, spec)) < 10_000
