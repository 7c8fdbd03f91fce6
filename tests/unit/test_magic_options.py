"""The options on the line of a magic: what each wrong one is told, in a sentence."""

from __future__ import annotations

import argparse
import re
from typing import Any

import pytest

from runt_pyodide.asking.magic_line import _PARSER, parse_line
from runt_pyodide.errors import CellError
from runt_pyodide.magic_options import MagicParser, split_words
from runt_pyodide.python.kernel.pip import _PARSERS


def parser() -> MagicParser:
    made = MagicParser("%cook", "See the recipe.")
    made.add_argument("dish", nargs="?")
    made.add_value("-t", "--time", read=int, help="a whole number")
    made.add_argument("--raw", action="store_true")
    return made


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--time", "%cook: --time needs a whole number behind it. See the recipe."),
        ("-t", "%cook: --time needs a whole number behind it. See the recipe."),
        ("--time soon", "%cook: --time must be a whole number, not 'soon'. See the recipe."),
        ("-t1.5", "%cook: --time must be a whole number, not '1.5'. See the recipe."),
        ("--time=", "%cook: --time must be a whole number, not ''. See the recipe."),
        ("--raw=1", "%cook: --raw takes no value. See the recipe."),
        ("--tim 3", "%cook: there is no option '--tim'. Did you mean --time? See the recipe."),
        ("--frob=3", "%cook: there is no option '--frob'. See the recipe."),
        ("-x", "%cook: there is no option '-x'. See the recipe."),
        ("rice with peas", "%cook: 'with peas' cannot stand there. See the recipe."),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(line: str, said: str) -> None:
    with pytest.raises(CellError) as caught:
        parser().read_words(line.split())
    assert str(caught.value) == said


def test_what_is_right_is_read() -> None:
    assert vars(parser().read_words(["rice", "-t", "3", "--raw"])) == {
        "dish": "rice",
        "time": 3,
        "raw": True,
    }
    assert split_words("%cook", r"'two words' a\ b # c") == ["two words", "a b", "#", "c"]
    assert split_words("%cook", "a # c", comments=True) == ["a"]


@pytest.mark.parametrize("line", ["'a", '"', "a\\"])
def test_an_open_quotation_mark_is_told(line: str) -> None:
    with pytest.raises(CellError, match=r"^%cook: a quotation mark is not closed, or a backslash"):
        split_words("%cook", line)


def test_an_endless_line_is_refused() -> None:
    with pytest.raises(CellError, match=r"^%cook: the line has 20,004 characters; at most 20,000"):
        split_words("%cook", "--x " * 5_001)


# What argparse says by itself.
OWN_WORDS = re.compile(r"argument |expected|invalid|unrecognized|ignored|explicit|required")
REAL = {"%%ai": _PARSER, **{f"%pip {name}": one for name, one in _PARSERS.items()}}


@pytest.mark.parametrize(
    ("magic", "action"),
    [(name, one) for name, each in REAL.items() for one in each._actions if one.option_strings],
    ids=lambda one: one.option_strings[-1] if isinstance(one, argparse.Action) else one,
)
def test_no_option_of_ours_speaks_in_argparses_words(magic: str, action: Any) -> None:
    option = action.option_strings[-1]
    wrong = [f"{option}x", f"{option}=1" if action.nargs == 0 else option]
    for word in wrong:
        with pytest.raises(CellError) as caught:
            REAL[magic].read_words([word])
        assert caught.value.advice
        assert not OWN_WORDS.search(caught.value.message), caught.value.message


@pytest.mark.parametrize(
    "line", ["--temperature hot", "--max-tokens 1.5", "--top-p x", "--seed x", "-f x"]
)
def test_a_wrong_value_says_what_is_right(line: str) -> None:
    with pytest.raises(CellError, match=r"^%%ai: --[a-z-]+ must be .*, not 'x|hot|1\.5'\."):
        parse_line(line)
