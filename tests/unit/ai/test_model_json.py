"""JSON as models write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.ai.model_json import find_values, mend_arguments, read_arguments

ARGUMENTS = {"source": 'if x:\n\tprint("a, ] }")', "after_id": None, "n": [1, {}]}
WRITTEN = json.dumps(ARGUMENTS)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "text",
    [
        WRITTEN,
        f"  {WRITTEN}\n",
        f"```json\n{WRITTEN}\n```",
        f"```\n{WRITTEN}```",
        f"```{WRITTEN}```",
        f"```json {WRITTEN} ```",
        f"[{WRITTEN}]",
        json.dumps(WRITTEN),
        WRITTEN.replace("\\n", "\n").replace("\\t", "\t"),
        WRITTEN.replace("{}]}", "{},],\n}"),
    ],
)
def test_arguments_with_one_meaning_are_read(text: str) -> None:
    assert read_arguments(text) == ARGUMENTS
    assert json.loads(mend_arguments(text)) == ARGUMENTS


@pytest.mark.parametrize("text", ["", " \n", "{}", "null", '""', '"{}"', "[{}]", "[]"])
def test_no_arguments(text: str) -> None:
    assert read_arguments(text) == {}
    assert mend_arguments(text) == "{}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"city": "Rom', "Unterminated string starting at: line 1 column 10"),
        ('{"city": "Rome"', "Expecting ',' delimiter: line 1 column 16"),
        ('{"a": 1}{"a": 2}', "Extra data: line 1 column 9"),
        ('[{"a": 1}, {"a": 2}]', "they are a list, not an object"),
        ("[1]", "they are a list, not an object"),
        ("Rome", "Expecting value: line 1 column 1"),
        ("5", "they are a number, not an object"),
        ("true", "they are a truth value, not an object"),
        ('"\\"\\\\\\"a\\\\\\"\\""', "they are a text, not an object"),
        ('{"a":' * 9_999, "it is nested more than 250 deep"),
        ("[" * 9_999 + ",]" * 9_999, "it is nested more than 250 deep"),
    ],
)
def test_what_cannot_be_read_says_why_and_where(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read_arguments(text)
    assert str(caught.value).startswith(fault)
    assert mend_arguments(text) == text


@given(st.dictionaries(st.text(), values, max_size=4))
def test_all_that_json_can_say_is_read_as_it_is(arguments: dict[str, Any]) -> None:
    assert read_arguments(json.dumps(arguments)) == arguments
    assert mend_arguments(json.dumps(arguments)) == json.dumps(arguments)
    assert read_arguments(json.dumps(arguments, ensure_ascii=False, indent=1)) == arguments


@given(st.dictionaries(st.text(), values, min_size=1, max_size=4), st.integers(1, 60))
def test_arguments_that_were_cut_are_never_read(arguments: dict[str, Any], left_out: int) -> None:
    text = json.dumps(arguments)
    with pytest.raises(ValueError, match=r"."):
        read_arguments(text[: max(1, len(text) - left_out)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('<think>[3]</think> {"a": 1}', [{"a": 1}]),
        ('As in [1, 2]:\n```json\n{"a": 1}\n```\n', [{"a": 1}]),
        ("```json\n1\n```\nor\n```json\n2\n```", [1, 2]),
        ('First {"a": [1]}, then [2] and [so on] 3.', [{"a": [1]}, [2]]),
        ('A 5" pipe [and {"a": "} ]"} 7', [{"a": "} ]"}]),
        ("It is 5, or -2.5e3, or true.", [5, -2500.0, True]),
        ("1,234 on 2024-05-01 in v1.2.3 at 50% for x86", []),
        ("Sorry.", []),
        ("", []),
    ],
)
def test_values_in_an_answer(text: str, found: list[Any]) -> None:
    assert next(filter(None, find_values(text)), []) == found


@pytest.mark.parametrize("part", ["[[", '{"a":"', '"', "[]", "{]", "<think>", "```json\n", "1,2"])
def test_a_long_answer_without_a_value_takes_no_long_time(part: str) -> None:
    for _ in find_values(part * 100_000):
        pass
