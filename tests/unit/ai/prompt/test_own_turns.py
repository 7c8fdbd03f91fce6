"""A run's own turns in little room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.prompt.own_turns import fit_turns, shorten_all
from runt_pyodide.ai.record.read import repair
from runt_pyodide.llm.messages import Image, Message, ToolCall
from runt_pyodide.llm.tokens import estimate_message


def turn(name: str, size: int = 4_000) -> list[Message]:
    return [
        Message("assistant", name, tool_calls=(ToolCall(name, "look", "{}"),)),
        Message("tool", "r" * size, tool_call_id=name, tool_name="look"),
        Message("user", "What look showed:", images=(Image("image/png", "AAAA"),)),
    ]


TURNS = [*turn("a"), *turn("b"), *turn("c")]


def weigh(messages: list[Message]) -> int:
    return sum(map(estimate_message, messages))


def test_they_stay_as_they_are_where_there_is_room() -> None:
    fitted = fit_turns(TURNS, weigh(TURNS), estimate_message)
    assert (list(fitted.messages), fitted.cut) == (TURNS, 0)


def test_old_results_and_pictures_go_before_new_ones() -> None:
    fitted = fit_turns(TURNS, weigh(TURNS) - 1_500, estimate_message)
    sizes = [len(one.content) for one in fitted.messages if one.role == "tool"]
    assert sizes[0] < 500 < sizes[1] == sizes[2]
    assert [len(one.images) for one in fitted.messages if one.role == "user"] == [0, 1, 1]
    assert fitted.cut > 3_000


def test_then_whole_turns_go() -> None:
    least = weigh(shorten_all(TURNS))
    fitted = fit_turns(TURNS, least - 1, estimate_message)
    assert [one.content for one in fitted.messages if one.role == "assistant"] == ["b", "c"]
    assert fit_turns(TURNS, 3, estimate_message).messages == ()


@given(st.lists(st.sampled_from(["turn", "said", "asked"]), max_size=6), st.integers(-9, 6_000))
def test_what_is_left_fits_and_can_be_sent(kinds: list[str], room: int) -> None:
    messages: list[Message] = []
    for place, kind in enumerate(kinds):
        said = {"said": Message("assistant", "s" * 900), "asked": Message("user", "Go on.")}
        messages += turn(str(place)) if kind == "turn" else [said[kind]]
    fitted = [*fit_turns(messages, room, estimate_message).messages]
    assert weigh(fitted) <= max(room, 0)
    assert repair(fitted) == fitted
