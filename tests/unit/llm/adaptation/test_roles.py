"""The order of roles that services ask for, of any history."""

from __future__ import annotations

from itertools import pairwise

import pytest

from runt_pyodide.llm.adaptation.calls import pair_results
from runt_pyodide.llm.adaptation.roles import (
    GO_ON,
    NOTED,
    alternate,
    begin_with,
    join_freely,
    part_results,
)
from runt_pyodide.llm.messages import Image, Message, ToolCall
from tests.support.llm.histories import random_histories

PICTURE = (Image("image/png", "aGk="),)
CALLED = Message("assistant", "", tool_calls=(ToolCall("a", "add", "{}"),))
RESULT = Message("tool", "3", tool_call_id="a", tool_name="add")


def user(text: str, images: tuple[Image, ...] = ()) -> Message:
    return Message("user", text, images=images)


def said(text: str) -> Message:
    return Message("assistant", text)


def told(messages: list[Message]) -> list[tuple[str, str, int]]:
    return [(one.role, one.content, len(one.images)) for one in messages]


def test_cells_above_are_joined_and_a_prompt_stays_alone() -> None:
    messages = [user("x = 1"), user("y = 2"), user("Sum?"), said("3"), user("z = 3"), user("Now?")]
    assert told(join_freely(messages)) == [
        ("user", "x = 1\n\ny = 2", 0),
        ("user", "Sum?", 0),
        ("assistant", "3", 0),
        ("user", "z = 3", 0),
        ("user", "Now?", 0),
    ]


def test_pictures_stay_behind_their_words() -> None:
    messages = [user("a"), user("b", PICTURE), user("c"), user("d")]
    assert told(join_freely(messages)) == [
        ("user", "a\n\nb", 1),
        ("user", "c", 0),
        ("user", "d", 0),
    ]


def test_turns_with_state_stay_as_they_were() -> None:
    kept = Message("assistant", "b", state=({"type": "x"},))
    assert join_freely([said("a"), kept]) == [said("a"), kept]
    assert join_freely([CALLED, RESULT, CALLED]) == [CALLED, RESULT, CALLED]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([user("a"), user("b", PICTURE), user("c", PICTURE)], [("user", "a\n\nb\n\nc", 2)]),
        ([said("a")], [("user", GO_ON, 0), ("assistant", "a", 0), ("user", GO_ON, 0)]),
        ([], [("user", GO_ON, 0)]),
        (
            [user("a"), said("b"), CALLED, RESULT],
            [("user", "a", 0), ("assistant", "b", 0), ("tool", "3", 0)],
        ),
        (
            [user("a"), CALLED, RESULT, user("b")],
            [
                ("user", "a", 0),
                ("assistant", "", 0),
                ("tool", "3", 0),
                ("assistant", NOTED, 0),
                ("user", "b", 0),
            ],
        ),
        ([Message("system", "s"), user("a")], [("user", "s\n\na", 0)]),
    ],
)
def test_turns_alternate(messages: list[Message], expected: list[tuple[str, str, int]]) -> None:
    assert told(alternate(messages)) == expected


def test_what_the_user_says_after_results_comes_after_a_word() -> None:
    assert [one.role for one in part_results([CALLED, RESULT, user("b")])] == [
        "assistant",
        "tool",
        "assistant",
        "user",
    ]
    assert part_results([CALLED, RESULT, said("b"), user("c")])[2] == said("b")


def test_a_system_prompt_can_be_the_user_s() -> None:
    assert told(begin_with("s", [user("a", PICTURE), said("b")])) == [
        ("user", "s\n\na", 1),
        ("assistant", "b", 0),
    ]
    assert told(begin_with("s", [said("b")])) == [("user", "s", 0), ("assistant", "b", 0)]
    assert told(begin_with("s", [])) == [("user", f"s\n\n{GO_ON}", 0)]


def test_any_history_alternates() -> None:
    for history in random_histories(400):
        messages = alternate(pair_results(history))
        assert messages[0].role == "user"
        assert messages[-1].role in ("user", "tool")
        # Mistral's templates pass over calls and results; they may not stand before the user's.
        seen = [one.role for one in messages if one.role != "tool" and not one.tool_calls]
        assert seen == (["user", "assistant"] * len(seen))[: len(seen)]
        for before, after in pairwise(messages):
            assert (before.role, after.role) != ("tool", "user")
            assert before.role != after.role or before.role == "tool"
        assert sum(len(one.images) for one in messages) == sum(len(one.images) for one in history)
        assert alternate(messages) == messages


def test_nothing_is_lost_of_any_history() -> None:
    for history in random_histories(400):
        paired = pair_results(history)
        for joined in (join_freely(paired), part_results(paired), alternate(paired)):
            text = "\n".join(one.content for one in joined)
            assert all(one.content.strip() in text for one in paired)
