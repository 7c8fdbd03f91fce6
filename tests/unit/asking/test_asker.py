"""The signatures of ``ask``, as a type checker reads them, and the answer without ``await``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mypy import api

from runt_pyodide import ask, configure
from runt_pyodide.errors import CellError
from scripts.paths import ROOT
from tests.support.stages.ai_stage import say
from tests.support.stages.asking import script

pytestmark = pytest.mark.usefixtures("fresh")

# What mypy says of a line stands behind it; it says nothing of the others.
TYPED = """
from typing import Any, assert_type
from pydantic import BaseModel
from runt_pyodide import Answer, Conversation, ask

class City(BaseModel):
    name: str

async def main() -> None:
    assert_type(await ask("Hi"), Answer)
    assert_type(await ask("Hi", "ollama/qwen3", temperature=1, seed=2, stop="x"), Answer)
    assert_type(await ask("Hi", returns=City), City)
    assert_type(await ask("Hi", returns=list[int], timeout=5), list[int])
    assert_type(await Conversation()("Hi", returns=int), int)
    assert_type(await Conversation().ask("Hi", approve=False), Answer)
    assert_type(await ask("Hi", reasoning_effort="low", images=[b""], context=False), Answer)
    async for text in ask.stream("Hi"):
        assert_type(text, str)
    async for numbers in ask.stream("Hi", returns=list[int]):
        assert_type(numbers, list[int] | dict[str, Any])
    assert_type(ask.sync("Hi"), Answer)
    assert_type(ask.sync("Hi", returns=City), City)
    assert_type((await ask("Hi")).price, float | None)
    await ask("Hi", max_token=3)  # error: call-overload
    await ask("Hi", temperature="hot")  # error: call-overload
    await ask("Hi", reasoning_effort="huge")  # error: call-overload
    await ask("Hi", tools=print)  # error: call-overload
    await ask(5)  # error: call-overload
    await ask()  # error: call-overload
    ask.stream("Hi", top_k=3)  # error: call-overload
    ask.sync("Hi", timeout="5")  # error: call-overload
    await Conversation()("Hi", frob=1)  # error: call-overload
"""


def test_a_wrong_keyword_or_type_does_not_type_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    path = tmp_path / "typed.py"
    path.write_text(TYPED)
    said, problem, _ = api.run(["--cache-dir=build/mypy-typed", "--no-error-summary", str(path)])
    found = [*dict.fromkeys(re.findall(r"typed\.py:(\d+): error: .*\[([\w-]+)\]", said))]
    lines = enumerate(TYPED.splitlines(), 1)
    wanted = [(str(n), line.split(" error: ")[1]) for n, line in lines if " error: " in line]
    assert len(wanted) > 5
    assert (found, problem) == (wanted, ""), said


def test_without_await_an_answer_is_waited_for() -> None:
    script(say("Hi."))
    assert ask.sync("Hi") == "Hi."
    script(say('{"value": 4}'))
    assert ask.sync("2 + 2?", returns=int) == 4
    assert [one.content for one in ask.messages][::2] == ["Hi", "2 + 2?"]


async def test_where_it_cannot_be_waited_for_it_says_what_to_write() -> None:
    script(say("Hi."))
    with pytest.raises(CellError, match=r"^ask\.sync cannot wait .* Write `await ask\(\.\.\.\)`"):
        ask.sync("Hi")
    assert ask.messages == []


async def test_the_last_answer_has_what_a_value_has_no_place_for() -> None:
    configure("test", responses=[{"pattern": "", "text": '{"value": 4}'}], model="m")
    assert await ask("2 + 2?", returns=int) == 4
    assert ask.last is not None
    assert (ask.last.value, ask.last.model, ask.last.turns) == (4, "m", 1)
