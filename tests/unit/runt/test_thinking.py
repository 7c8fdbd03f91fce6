"""Thinking, folded for the runt notebooks' application."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.notebook import events as ev
from runt_pyodide.runt.thinking import Thought, show_thought
from tests.support.notebook import logs
from tests.support.notebook.runt_reader import thought_in

PLACE = {"id": "o", "cell_id": "c", "position": 0}


def markdown_of(text: str) -> str:
    event = show_thought(PLACE, text, None)
    assert isinstance(event, ev.MultimediaDisplayOutputAdded)
    return str(ev.to_wire(event)["args"]["representations"]["text/markdown"]["data"])


@given(st.text() | st.sampled_from(["</div></details>\n\n# Answer", "&amp;\r\n<b>", "a\n\n> b"]))
def test_whatever_was_thought_is_one_line_of_html_and_no_markup(text: str) -> None:
    shown = markdown_of(text)
    assert (
        thought_in(shown) == text.replace("\r\n", "\n").replace("\r", "\n")
        or thought_in(shown) == text
    )
    assert "\n" not in shown and "\r" not in shown


def test_what_is_sent_is_at_most_twice_what_was_thought() -> None:
    thought, sent, whole = Thought(5), 0, 5
    for number in range(2_000):
        whole += 10
        if thought.take(logs.delta(str(number), number, text="0123456789")):
            sent += whole
            thought.sent, thought.held = whole, None
    assert 0 < sent <= 2 * whole
    assert thought.held is not None


def test_what_is_said_of_thinking_is_sent_at_once_with_all_that_was_held() -> None:
    thought = Thought(5)
    assert not thought.take(logs.delta("a", 0, text="x"))
    assert thought.take(logs.delta("b", 1, text="y", metadata={"anode": {"iteration": 1}}))
    assert thought.held == logs.delta("b", 1, text="xy", metadata={"anode": {"iteration": 1}})
