"""Bundles as the runt notebooks' application can show them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.notebook import events as ev
from runt_pyodide.notebook.vocabulary import read_event
from runt_pyodide.runt.bundles import fit
from tests.support.notebook.runt_reader import CALL, PREFERRED, RESULT, show_bundle

TYPES = [mime for mime in PREFERRED if mime != RESULT]
TYPES += [
    "text/latex",
    "image/gif",
    "image/x;base64",
    "application/x-own",
    "application/javascript",
]
SHOWN: st.SearchStrategy[ev.Representation] = st.one_of(
    st.builds(
        ev.Inline,
        data=st.sampled_from(["text", "", None, 3, {"arguments": {}, "tool_name": "f"}]),
        metadata=st.sampled_from([None, {"a": {"b": 1}}]),
    )
)
BUNDLES = st.dictionaries(st.sampled_from(TYPES), SHOWN, max_size=4)


def display(bundle: ev.Bundle) -> ev.MultimediaDisplayOutputAdded:
    return ev.MultimediaDisplayOutputAdded(id="o", cell_id="c", position=0, representations=bundle)


@given(BUNDLES)
def test_every_bundle_is_shown_as_something_and_read_back(bundle: ev.Bundle) -> None:
    worded = ev.to_wire(display(fit(bundle)))
    kind, said = show_bundle(worded["args"]["representations"])
    assert kind != "box", said
    assert read_event(worded) == display(bundle)


def test_a_call_whose_arguments_are_no_object_is_shown_in_words() -> None:
    data: dict[str, Any] = {"tool_call_id": "1", "tool_name": "f", "arguments": '{"a'}
    bundle: ev.Bundle = {
        CALL: ev.Inline(data=data, metadata={"anode": {"tool_call": True}}),
        "text/markdown": ev.Inline(data="**Tool call:** `f`"),
    }
    worded = ev.to_wire(display(fit(bundle)))
    assert show_bundle(worded["args"]["representations"]) == ("text/markdown", "**Tool call:** `f`")
    assert read_event(worded) == display(bundle)


def test_a_picture_cannot_be_markup() -> None:
    bundle: ev.Bundle = {"image/gif": ev.Inline(data='"><script>')}
    assert show_bundle(ev.to_wire(display(fit(bundle)))["args"]["representations"]) == (
        "text/html",
        '<img src="data:image/gif;base64,&quot;&gt;&lt;script&gt;">',
    )
