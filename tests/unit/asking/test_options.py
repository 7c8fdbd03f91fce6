"""The options of a question."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest

from runt_pyodide.ai.prompt.cell_settings import Sampling
from runt_pyodide.asking.options import AskOptions, check_options, sampling_of, settings_of
from runt_pyodide.notebook import events as ev


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"frob": 1}, "ask() has no option 'frob'; its options are returns, images, tools, "),
        ({"temprature": 1}, "ask() has no option 'temprature'"),
        ({"temperature": "hot"}, "ask(): temperature must be a number, not 'hot'."),
        ({"temperature": True}, "ask(): temperature must be a number, not True."),
        ({"top_p": [1]}, "ask(): top_p must be a number, not [1]."),
        ({"max_tokens": 1.5}, "ask(): max_tokens must be a whole number, not 1.5."),
        ({"seed": "1"}, "ask(): seed must be a whole number, not '1'."),
        ({"stop": 1}, "ask(): stop must be a text or a list of texts, none of them empty, not 1."),
        ({"stop": ["a", ""]}, "ask(): stop must be a text or a list of texts, none of them empty"),
        ({"reasoning_effort": "huge"}, "ask(): reasoning_effort must be one of none, minimal, "),
        ({"reasoning_effort": []}, "ask(): reasoning_effort must be one of "),
        ({"system": 1}, "ask(): system must be a text, not 1."),
        ({"approve": True}, "ask(): approve must be a function, not True."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(options: Any, said: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(said)}"):
        check_options(options)


def test_none_leaves_an_option_out() -> None:
    options: Any = dict.fromkeys(AskOptions.__annotations__)
    check_options(options)
    assert (settings_of(options), sampling_of(options)) == (ev.AiSettings(), Sampling())


def test_what_options_come_to() -> None:
    options: Any = {
        "system": "Be brief.",
        "temperature": Fraction(1, 2),
        "max_tokens": 9,
        "top_p": 1,
        "seed": 7,
        "stop": "END",
        "reasoning_effort": "low",
    }
    check_options(options)
    wanted = ev.AiSettings(system_prompt="Be brief.", temperature=0.5, max_tokens=9)
    assert settings_of(options) == wanted
    assert sampling_of(options) == Sampling(1.0, 7, ("END",), "low")
    assert sampling_of({"stop": ["a", "b"]}).stop == ("a", "b")
