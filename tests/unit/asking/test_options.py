"""The options of a question."""

from __future__ import annotations

import inspect
import re
from fractions import Fraction
from typing import Any

import pytest

from runt_pyodide import ask
from runt_pyodide.ai.prompt.cell_settings import Sampling
from runt_pyodide.asking.options import AskOptions, check_options, sampling_of, settings_of
from runt_pyodide.errors import ArgumentError
from runt_pyodide.notebook import events as ev


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"frob": 1}, "ask() has no option 'frob'; its options are model, provider, returns, "),
        ({"temprature": 1}, "ask() has no option 'temprature': did you mean 'temperature'?"),
        ({"max_token": 1}, "ask() has no option 'max_token': did you mean 'max_tokens'?"),
        ({"image": 1}, "ask() has no option 'image': did you mean 'images'?"),
        ({"Timeout": 1}, "ask() has no option 'Timeout': did you mean 'timeout'?"),
        ({"system_prompt": 1}, "ask() has no option 'system_prompt': did you mean 'system'?"),
        ({"response_format": 1}, "ask() has no option 'response_format': did you mean 'returns'?"),
        ({"stream": True}, "ask() has no option 'stream': write ask.stream(...) for an answer as"),
        ({"prompt": 5}, "ask(): prompt must be a text, not 5."),
        ({"prompt": None}, "ask(): prompt must be a text, not None."),
        ({"model": 5}, "ask(): model must be a text, not 5."),
        ({"provider": []}, "ask(): provider must be a text, not []."),
        ({"tools": print}, "ask(): tools must be a list of functions, even if there is only one, "),
        ({"tools": "double"}, "ask(): tools must be a list of functions"),
        ({"tools": [1]}, "ask(): tools must be a list of functions"),
        ({"context": "no"}, "ask(): context must be True or False, not 'no'."),
        ({"timeout": 0}, "ask(): timeout must be a number of seconds above 0, not 0."),
        ({"timeout": "5"}, "ask(): timeout must be a number of seconds above 0, not '5'."),
        (
            {"temperature": float("nan")},
            "ask(): temperature must be a number from 0 to 2, not nan.",
        ),
        ({"top_p": float("inf")}, "ask(): top_p must be a number from 0 to 1, not inf."),
        ({"max_tokens": 0}, "ask(): max_tokens must be a whole number above 0, not 0."),
        ({"seed": 1 << 60}, "ask(): seed must be a whole number of at most 53 bits, not 115292150"),
        ({"temperature": "hot"}, "ask(): temperature must be a number from 0 to 2, not 'hot'."),
        ({"temperature": True}, "ask(): temperature must be a number from 0 to 2, not True."),
        ({"top_p": [1]}, "ask(): top_p must be a number from 0 to 1, not [1]."),
        ({"max_tokens": 1.5}, "ask(): max_tokens must be a whole number above 0, not 1.5."),
        ({"seed": "1"}, "ask(): seed must be a whole number of at most 53 bits, not '1'."),
        ({"stop": 1}, "ask(): stop must be a text or a list of texts, none of them empty, not 1."),
        ({"stop": ["a", ""]}, "ask(): stop must be a text or a list of texts, none of them empty"),
        (
            {"reasoning_effort": "huge"},
            "ask(): reasoning_effort must be one of 'none', 'minimal', ",
        ),
        ({"reasoning_effort": []}, "ask(): reasoning_effort must be one of "),
        ({"top_p": 9}, "ask(): top_p must be a number from 0 to 1, not 9."),
        ({"temperature": -1}, "ask(): temperature must be a number from 0 to 2, not -1."),
        ({"max_tokens": 1 << 60}, "ask(): max_tokens must be a whole number above 0, not 115292"),
        ({"tools": iter([print])}, "ask(): tools must be a list of functions"),
        ({"system": 1}, "ask(): system must be a text, not 1."),
        ({"approve": "yes"}, "ask(): approve must be a function, True or False, not 'yes'."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(options: Any, said: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{re.escape(said)}") as caught:
        check_options(options)
    assert str(caught.value).count(". ") == 0


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


def test_help_and_editors_see_the_options_written_out() -> None:
    for function in (ask, ask.stream, ask.sync):
        parameters = inspect.signature(function).parameters
        assert [*parameters] == [
            "prompt",
            "model",
            "provider",
            "returns",
            *AskOptions.__annotations__,
        ]
        assert parameters["temperature"].annotation == float | None
        assert parameters["context"].default is True
