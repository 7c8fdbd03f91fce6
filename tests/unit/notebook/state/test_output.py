"""One output, folded from the event that added it and its deltas."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.notebook.events import Artifact, DeltaBody, Inline
from runt_pyodide.notebook.state.output import Delta, Output, merge
from tests.support.notebook.logs import bundle, output, shown

ERROR = {"ename": "ValueError", "evalue": "bad", "traceback": []}


def fold(added: Any, *deltas: Delta) -> Output:
    folded = Output(added)
    for each in deltas:
        folded.add_delta(each)
    return folded


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        (output("terminal", "o", data="a"), {"kind": "terminal", "text": "a"}),
        (output("markdown", "o", data="a"), {"kind": "markdown", "text": "a"}),
        (output("markdown", "o", data={"no": "text"}), {"kind": "markdown", "text": ""}),
        (output("error", "o", data=ERROR), {"kind": "error", "error": ERROR, "text": ""}),
        (output("error", "o", data="no object"), {"kind": "error", "error": {}, "text": ""}),
        (
            output("display", "o", data={"text/plain": "a"}),
            {"kind": "display", "bundle": bundle({"text/plain": "a"}), "text": ""},
        ),
        (
            output("result", "o", data={"text/plain": "a"}, position=1.5),
            {"kind": "result", "bundle": bundle({"text/plain": "a"}), "position": 1.5},
        ),
        (
            output("markdown", "o", data="a", metadata={"anode": {"role": "assistant"}}),
            {"metadata": {"anode": {"role": "assistant"}}},
        ),
        (
            output("display", "o", data={"a/b": Inline(data=1, metadata={"anode": {"x": 1}})}),
            {"metadata": {"anode": {"x": 1}}},
        ),
    ],
)
def test_what_was_added(added: Any, expected: dict[str, Any]) -> None:
    folded = shown(Output(added))
    assert {key: folded[key] for key in expected} == expected


def test_a_text_kept_elsewhere_is_empty_here_but_has_its_metadata() -> None:
    added = output("markdown", "o").model_copy(
        update={"content": Artifact(artifact_id="x", metadata={"anode": {"role": "tool"}})}
    )
    folded = fold(added, Delta(0, "d", DeltaBody(text="more")))
    assert (folded.text, folded.metadata["anode"]) == ("more", {"role": "tool"})


def about(n: int, usage: dict[str, int]) -> dict[str, Any]:
    return {"anode": {"n": n, "usage": usage}, "list": [n]}


DELTAS = [
    Delta(0, "d0", DeltaBody(text="b", metadata=about(0, {"in": 1}))),
    Delta(1, "d1", DeltaBody(data=bundle({"text/plain": "one", "a/b": 1}))),
    Delta(2, "d2", DeltaBody(text="c", metadata=about(2, {"out": 2}))),
    # Two writers gave one number: the id decides.
    Delta(3, "d3", DeltaBody(text="d", metadata={"last": "d3"})),
    Delta(3, "d4", DeltaBody(text="e", metadata={"last": "d4"})),
    Delta(9, "d5", DeltaBody(data=bundle({"a/b": 9}))),
]


@given(st.permutations(DELTAS * 2), st.randoms(use_true_random=False))
def test_deltas_count_in_the_order_of_their_numbers_and_once(
    deltas: list[Delta], reads: random.Random
) -> None:
    folded = Output(output("markdown", "o", data="a", metadata={"anode": {"role": "assistant"}}))
    for each in deltas:
        folded.add_delta(each)
        if reads.random() < 0.3:
            shown(folded)  # to look at it changes nothing
    assert folded.text == "abcde"
    assert folded.bundle == bundle({"text/plain": "one", "a/b": 9})
    assert folded.metadata == {
        "anode": {"role": "assistant", "n": 2, "usage": {"in": 1, "out": 2}},
        "list": [2],
        "last": "d4",
    }


def test_of_two_deltas_with_one_number_the_id_decides() -> None:
    one, other = Delta(7, "d1", DeltaBody(text="1")), Delta(7, "d2", DeltaBody(text="2"))
    for first, second in ((one, other), (other, one)):
        folded = fold(output("markdown", "o"), first)
        assert folded.text in ("1", "2")
        folded.add_delta(second)
        assert folded.text == "12"


@given(st.permutations([*DELTAS, "update"]), st.randoms(use_true_random=False))
def test_an_update_replaces_what_was_added_and_deltas_lie_over_it(
    steps: list[Any], reads: random.Random
) -> None:
    added = {"text/plain": Inline(data="old", metadata={"of": "old", "old": 1}), "text/html": "old"}
    updated = {"text/plain": "new", "image/png": Inline(data="new", metadata={"of": "new"})}
    folded = Output(output("display", "o", data=added, display_id="x"))
    for step in steps:
        if step == "update":
            folded.update(bundle(updated))
        else:
            folded.add_delta(step)
        if reads.random() < 0.3:
            shown(folded)
    assert folded.bundle == bundle({**updated, "text/plain": "one", "a/b": 9})
    assert (folded.metadata["of"], "old" in folded.metadata) == ("new", False)


def test_the_last_update_stands() -> None:
    folded = Output(output("display", "o", data={"text/plain": "old"}, display_id="x"))
    folded.update(bundle({"text/plain": "1"}))
    folded.update(bundle({"text/html": "2"}))
    assert folded.bundle == bundle({"text/html": "2"})
    folded.update({})
    assert folded.bundle == {}


def test_metadata_of_a_representation_that_a_delta_brings_counts() -> None:
    representation = Inline(data=1, metadata={"anode": {"status": "success"}})
    folded = fold(
        output("display", "o", data={}), Delta(0, "d", DeltaBody(data={"a/b": representation}))
    )
    assert folded.metadata["anode"] == {"status": "success"}


def test_the_events_themselves_are_never_changed() -> None:
    added = output("markdown", "o", data="a", metadata={"anode": {"deep": {"x": 1}}})
    body = DeltaBody(text="b", metadata={"anode": {"deep": {"y": 2}}})
    before = (added.model_dump(), body.model_dump())
    folded = fold(
        added,
        Delta(0, "d0", body),
        Delta(1, "d1", DeltaBody(metadata={"anode": {"deep": {"x": 3}}})),
    )
    assert folded.metadata["anode"] == {"deep": {"x": 3, "y": 2}}
    assert (added.model_dump(), body.model_dump()) == before


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ({}, {}, {}),
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": {"x": 1, "y": 1}}, {"a": {"y": 2}}, {"a": {"x": 1, "y": 2}}),
        ({"a": {"x": 1}}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        ({"a": [1]}, {"a": [2]}, {"a": [2]}),
        ({"a": 1}, {"a": None}, {"a": None}),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"d": 2}}}, {"a": {"b": {"c": 1, "d": 2}}}),
    ],
)
def test_merge(old: dict[str, Any], new: dict[str, Any], merged: dict[str, Any]) -> None:
    assert merge(old, new) == merged
