"""Merging two sources: as the cases of schema/ say, as the page does it, and without a loss."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.notebook.events import CellSourceChanged, to_wire
from runt_pyodide.notebook.merge import Merged, merge_source
from scripts.paths import ROOT

CASES = json.loads((ROOT / "schema" / "merge-cases" / "cases.json").read_text("utf-8"))

LINES = st.sampled_from(
    ["", "x = 1", "y = 2", "    return", "x = 1\r", "😀", "\u2028", "__proto__"]
)
NEW = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=3)
SOURCES = st.lists(st.one_of(LINES, LINES, NEW), max_size=12).map("\n".join)


@st.composite
def edited(draw: st.DrawFn, base: str) -> str:
    """Return the source after a few edits of its lines."""
    lines = base.split("\n")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines)))
        lines[at : at + draw(st.integers(0, 2))] = draw(st.lists(st.one_of(LINES, NEW), max_size=2))
    return "\n".join(lines)


@st.composite
def threes(draw: st.DrawFn) -> tuple[str, str, str]:
    """A base, and two sources that were made from it, or have nothing to do with it."""
    base = draw(SOURCES)
    one, other = (draw(st.one_of(edited(base), edited(base), SOURCES)) for _ in range(2))
    return base, one, other


@pytest.fixture(scope="module")
def page_merge() -> Iterator[subprocess.Popen[str]]:
    program = ROOT / "tests" / "support" / "notebook" / "page_merge.mjs"
    with subprocess.Popen(
        ["node", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    ) as node:
        yield node
        assert node.stdin is not None
        node.stdin.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_a_case(case: dict[str, Any]) -> None:
    expected = Merged(case["merged"], case.get("conflict", False))
    assert merge_source(case["base"], case["mine"], case["theirs"]) == expected


@given(threes())
def test_python_merges_as_the_page_does(
    page_merge: subprocess.Popen[str], three: tuple[str, str, str]
) -> None:
    assert page_merge.stdin is not None and page_merge.stdout is not None
    page_merge.stdin.write(json.dumps(three) + "\n")
    page_merge.stdin.flush()
    told = json.loads(page_merge.stdout.readline())
    assert merge_source(*three) == Merged(told["source"], told["isConflict"])
    base, mine, _ = three
    edit = CellSourceChanged.edit("c", base, mine, "me")
    assert to_wire(edit)["args"]["base"] == told["base"]


@given(threes())
def test_no_new_line_is_lost_and_the_order_of_the_sides_changes_no_line(
    three: tuple[str, str, str],
) -> None:
    base, mine, theirs = three
    merged = merge_source(base, mine, theirs)
    there = count_lines(merged.source)
    for side in (mine, theirs):
        assert count_lines(side) - count_lines(base) <= there
    turned = merge_source(base, theirs, mine)
    assert count_lines(turned.source) == there
    assert turned.is_conflict == merged.is_conflict


@given(SOURCES, SOURCES)
def test_a_side_that_changed_nothing_changes_nothing(base: str, side: str) -> None:
    for merged in (
        merge_source(base, side, base),
        merge_source(base, base, side),
        merge_source(base, side, side),
    ):
        assert merged == Merged(side)


def count_lines(source: str) -> Counter[str]:
    return Counter(line.removesuffix("\r") for line in source.split("\n"))


@pytest.mark.parametrize("period", [3, 1 << 30])
def test_a_large_source_is_merged_however_often_a_line_is_in_it(period: int) -> None:
    lines = [f"x = {number % period}".ljust(50) for number in range(50_000)]
    mine, theirs = [*lines, "mine, too"], [*lines]
    mine[10] = "mine"
    theirs[20_000] = "theirs"
    merged = merge_source("\n".join(lines), "\n".join(mine), "\n".join(theirs))
    assert {"mine", "mine, too", "theirs"} <= {*merged.source.split("\n")}
