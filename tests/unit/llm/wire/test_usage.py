"""Tokens under all the names that services have for them, whatever kind of value they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runt_pyodide.llm.messages import Usage
from runt_pyodide.llm.wire.usage import read_usage


@pytest.mark.parametrize(
    ("usage", "read"),
    [
        ({"prompt_tokens": 3, "completion_tokens": "5"}, Usage(3, 5)),
        ({"input_tokens": 3.0, "output_tokens": 5}, Usage(3, 5)),
        ({"prompt_eval_count": 3, "eval_count": None}, Usage(3)),
        (
            {
                "prompt_tokens": 3,
                "prompt_tokens_details": {"cached_tokens": 1},
                "completion_tokens_details": {"reasoning_tokens": "2"},
            },
            Usage(3, None, 1, 2),
        ),
        (
            {
                "input_tokens": 3,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
            Usage(3, None, 0, 0),
        ),
        ({"prompt_tokens": 3, "prompt_cache_hit_tokens": 2}, Usage(3, None, 2)),
        # Anthropic counts what its cache is about beside the rest, and Gemini thinking.
        (
            {
                "input_tokens": 3,
                "cache_read_input_tokens": 10,
                "cache_creation_input_tokens": 5,
                "output_tokens": 7,
                "output_tokens_details": {"thinking_tokens": 2},
            },
            Usage(18, 7, 10, 2, 5),
        ),
        ({"prompt_tokens": 13, "cache_read_input_tokens": 10}, Usage(13, None, 10)),
        (
            {
                "promptTokenCount": 9,
                "cachedContentTokenCount": 4,
                "candidatesTokenCount": 3,
                "thoughtsTokenCount": 2,
                "toolUsePromptTokenCount": 1,
            },
            Usage(10, 5, 4, 2),
        ),
        ({"prompt_tokens": True, "completion_tokens": -1}, None),
        ({"prompt_tokens": "many", "completion_tokens": 1e999}, None),
        ({"prompt_tokens": None, "total_tokens": 0}, None),
        ({"prompt_tokens_details": "x", "output_tokens_details": [1]}, None),
        ({}, None),
        ([], None),
        ("none", None),
        (None, None),
    ],
)
def test_what_is_counted(usage: Any, read: Usage | None) -> None:
    assert read_usage(usage) == read


@given(
    st.dictionaries(st.sampled_from(["prompt_tokens", "output_tokens"]), st.text() | st.floats())
)
def test_no_value_is_too_odd(usage: Any) -> None:
    read_usage(usage)
