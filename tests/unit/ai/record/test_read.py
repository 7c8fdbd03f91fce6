"""Histories that every service accepts: each call has exactly one result, right after it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.record.read import repair
from runt_pyodide.llm.messages import Message, ToolCall

ASKED = Message("user", "Do it.")


def calling(*ids: str, text: str = "") -> Message:
    return Message("assistant", text, tool_calls=tuple(ToolCall(one, "f", "{}") for one in ids))


def result(call_id: str, text: str = "r") -> Message:
    return Message("tool", text, tool_call_id=call_id, tool_name="f")


STOPPED = "This call was stopped before it had a result."


def test_a_good_history_stays_as_it_is() -> None:
    good = [ASKED, calling("a", "b"), result("a"), result("b"), Message("assistant", "Done.")]
    assert repair(good) == good


def test_what_is_missing_is_put_in_and_what_nobody_asked_for_is_left_out() -> None:
    assert repair([result("x"), ASKED, calling("a", "b"), result("b"), result("c"), ASKED]) == [
        ASKED,
        calling("a", "b"),
        result("a", STOPPED),
        result("b"),
        ASKED,
    ]


def test_results_stand_in_the_order_of_the_calls_and_once_each() -> None:
    assert repair([calling("a", "b"), result("b"), result("a"), result("a", "again")]) == [
        calling("a", "b"),
        result("a"),
        result("b"),
    ]


def test_calls_of_one_id_are_one() -> None:
    assert repair([calling("a", "a"), result("a")]) == [calling("a"), result("a")]


ids = st.sampled_from("abc")
histories = st.lists(
    st.one_of(
        st.just(ASKED),
        st.lists(ids, max_size=3).map(lambda many: calling(*many, text="t")),
        ids.map(result),
    ),
    max_size=12,
)


@given(histories)
def test_any_history_can_be_mended(history: list[Message]) -> None:
    mended = repair(history)
    assert repair(mended) == mended
    for place, message in enumerate(mended):
        called = [call.id for call in message.tool_calls]
        answers = mended[place + 1 : place + 1 + len(called)]
        assert [answer.tool_call_id for answer in answers] == called
    results = sum(message.role == "tool" for message in mended)
    assert results == sum(len(message.tool_calls) for message in mended)
    assert [m for m in mended if m.role == "user"] == [m for m in history if m.role == "user"]
