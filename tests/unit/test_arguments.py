"""Whatever is given to the functions that people call is refused in a sentence, if it is not what
they take, before anything is sent."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from runt_pyodide import (
    Conversation,
    ask,
    configure,
    doctor,
    record,
    register_provider_type,
    replay,
    tool,
)
from runt_pyodide.arguments import (
    FilePath,
    Flag,
    Number,
    Seconds,
    Text,
    Whole,
    describe,
    fits,
    show,
)
from runt_pyodide.errors import ArgumentError, RuntError
from runt_pyodide.llm.messages import ChatRequest
from runt_pyodide.llm.settings import ProviderSettings, registered_types
from tests.support.stages.ai_stage import say
from tests.support.stages.asking import double, script

pytestmark = pytest.mark.usefixtures("fresh")


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError("no repr")


ODD = [
    *(5, -1, 2.5, float("nan"), 10**400, 5j, True, ...),
    *("", "\0", "x" * 999, "no such\nthing", b"\xff", [], [[]], {}, {"a": 1}),
    *(object(), Broken(), Broken, lambda: None, len, int),
]


def register(function: Any = double, **options: Any) -> None:
    tool(**options)(function)


def use(make: Callable[..., Any]) -> Callable[..., None]:
    def used(**options: Any) -> None:
        with make(**options):
            pass

    used.__signature__ = inspect.signature(make)  # type: ignore[attr-defined]
    return used


register.__signature__ = inspect.signature(tool).replace(  # type: ignore[attr-defined]
    parameters=[
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY)
        for name in ("function", "name", "description", "policy", "reads_only")
    ]
)
PATH = {"path": "chat.json"}
FUNCTIONS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "ask": (ask, {"prompt": "Hi"}),
    "ask.stream": (lambda **options: anext(ask.stream(**options)), {"prompt": "Hi"}),
    "Conversation": (Conversation(), {"prompt": "Hi"}),
    "save": (Conversation().save, PATH),
    "load": (Conversation.load, PATH),
    "configure": (configure, {}),
    "doctor": (doctor, {}),
    "record": (use(record), PATH),
    "replay": (use(replay), PATH),
    "register_provider_type": (
        register_provider_type,
        {"type_name": "odd", "settings": ProviderSettings, "make": print},
    ),
    "tool": (register, {}),
}


def keywords() -> Iterator[tuple[str, str]]:
    for name, (function, _) in FUNCTIONS.items():
        seen = inspect.signature(ask.stream if name == "ask.stream" else function)
        for one in seen.parameters.values():
            if one.kind is not one.VAR_KEYWORD:
                yield name, one.name


async def call(name: str, keyword: str, value: Any) -> None:
    function, others = FUNCTIONS[name]
    if (name, keyword) == ("configure", "config"):
        configure(value)
        return
    called = function(**{**others, keyword: value})
    if inspect.isawaitable(called):
        async with asyncio.timeout(30):
            await called


@pytest.mark.parametrize(("name", "keyword"), [*keywords()])
@pytest.mark.filterwarnings("ignore::UserWarning")  # a picture was left out, for example
async def test_a_value_is_taken_or_refused_in_a_sentence_before_anything_is_sent(
    name: str, keyword: str, requests: list[ChatRequest], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("runt_pyodide.llm.settings._TYPES", registered_types())
    refused = 0
    for value in ODD:
        script(say('{"value": 4}'))
        requests.clear()
        try:
            await call(name, keyword, value)
        except RuntError as error:
            said = str(error)
            assert requests == [], said
            assert len(said.splitlines()) == 1, said
            assert said.endswith("."), said
            assert len(said) < 1_000, said
            refused += 1
        except OSError as error:
            assert error.strerror, name  # Python's own words for a file
    assert refused > 0


@pytest.mark.parametrize(
    ("kind", "words", "right", "wrong"),
    [
        (Text, "a text", ["", "a", "\ud800"], [None, b"a", 1]),
        (Text | None, "a text", ["a", None], [1]),
        (Flag, "True or False", [True, False], [0, 1, "yes", None]),
        (Number, "a number", [1, 0.5, Fraction(1, 2)], [True, "1", float("inf"), 10**400, 1j]),
        (Whole, "a whole number", [0, -1, 10**400], [1.0, True, "1"]),
        (Seconds, "a number of seconds above 0", [1, 0.1], [0, -1, float("nan")]),
        (FilePath, "the path of a file", ["a", Path("a")], ["", "\0", b"a", 1, None]),
        (Literal["a", "b"], "one of 'a', 'b'", ["a"], ["c", [], None]),
        (Annotated[Number, Field(le=2, description="a small one")], "a small one", [2], [2.1]),
    ],
)
def test_kinds(kind: Any, words: str, right: list[Any], wrong: list[Any]) -> None:
    assert describe(kind) == words
    assert [value for value in right if not fits(kind, value)] == []
    assert [value for value in wrong if fits(kind, value)] == []


def test_a_value_is_shown_in_a_line_whatever_its_repr_does() -> None:
    assert show("a\nb") == r"'a\nb'"
    assert show(Broken()) == "a Broken"
    assert len(show("x" * 9_999)) < 100


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: configure("openai", "sk-1"),  # type: ignore[call-arg]
            "configure(): too many positional arguments. Call it as "
            "configure(config=None, /, *, transport=None, **keywords).",
        ),
        (lambda: record(), "Call it as record(path, mode='all')."),  # type: ignore[call-arg]
        (lambda: replay(), "Call it as replay(path, *, strict=False)."),  # type: ignore[call-arg]
        (lambda: Conversation(system="x"), "Call it as Conversation()."),  # type: ignore[call-arg]
    ],
)
def test_a_call_that_does_not_fit_says_how_it_is_made(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value).endswith(said)
    assert "sk-1" not in str(caught.value)
