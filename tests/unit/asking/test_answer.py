"""Answers: text that knows its run, or a value of a type."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from pydantic import BaseModel

from runt_pyodide import Answer, ask, configure, tool
from runt_pyodide.asking.answer import AnswerCall, restore_answer
from runt_pyodide.errors import AnswerError, FileError, LimitError
from runt_pyodide.llm.messages import ChatRequest, Usage
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import HELLO, double, script, served

pytestmark = pytest.mark.usefixtures("fresh")


class City(BaseModel):
    name: str
    people: int


async def answered() -> Answer:
    """An answer of two turns, with a call, thinking and counts."""
    counts = {"usage": {"inputTokens": 1_000, "outputTokens": 10}}
    script(
        {"text": "Looking.", **call("double", x=2), **counts}, {**say("4."), **counts}, model="m"
    )
    return await ask("Twice 2?", tools=[double])


async def test_the_answer_is_a_text_that_notebooks_show_as_markdown() -> None:
    transport = served(Scripted(pieces=HELLO))
    answer = await ask("Hi")
    assert answer == answer.text == "Hello"
    assert answer._repr_markdown_() == "Hello"
    assert answer.finish_reason == "stop"
    assert [request.url for request in transport.requests] == ["http://x/v1/chat/completions"]


async def test_the_answer_knows_its_whole_run() -> None:
    answer = await answered()
    assert answer == "4."
    assert answer.calls == (AnswerCall("double", {"x": 2}, "4", "success"),)
    assert answer.usage == Usage(2_000, 20)
    assert (answer.turns, answer.provider, answer.model) == (2, "test", "m")
    assert answer.seconds is not None
    assert answer.price is None  # nobody knows what this model costs


async def test_the_price_is_that_of_all_turns() -> None:
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0}
    counted = b'data: {"choices":[],"usage":%s}\n\n' % str(usage).replace("'", '"').encode()
    transport = served(Scripted(pieces=(*HELLO[:2], HELLO[2].split(b"data: [DONE]")[0], counted)))
    configure("openai", model="gpt-4o-mini", base_url=None, api_key="k")
    answer = await ask("Hi")
    assert transport.requests
    assert answer.price == 0.15


async def test_a_value_of_a_type(requests: list[ChatRequest]) -> None:
    script(say('{"name": "Bern", "people": 134000}'))
    assert await ask("A city.", returns=City) == City(name="Bern", people=134000)
    format_ = requests[0].response_format
    assert format_ is not None
    assert format_["required"] == ["name", "people"]


async def test_an_answer_that_is_not_of_the_type_is_an_error_after_one_repair(
    requests: list[ChatRequest],
) -> None:
    script(say("Bern"))
    with pytest.raises(AnswerError, match="There is no JSON in it") as caught:
        await ask("A city.", returns=City)
    assert len(requests) == 2
    assert caught.value.answer == "Bern"
    assert caught.value.answer.turns == 2


async def test_an_answer_that_was_cut_is_carried_by_the_error() -> None:
    script({"text": "Half of it", "finish": "length"})
    with pytest.raises(LimitError, match="truncated at the limit of output tokens") as caught:
        await ask("Hi", max_tokens=3)
    answer = caught.value.answer
    assert (answer, answer.finish_reason, answer.turns) == ("Half of it", "length", 1)
    assert answer.usage.output_tokens == 3


async def test_an_approval_that_raises_is_an_answer_of_no(requests: list[ChatRequest]) -> None:
    async def approve(name: str, arguments: Any) -> bool:
        raise OSError("no terminal")

    tool(double)
    script(call("double", x=21), say("Done."))
    assert await ask("Twice 21?", approve=approve) == "Done."
    assert "no terminal" in requests[1].messages[-1].content


# Pickled

FACTS = ("value", "thinking", "calls", "usage", "price", "finish_reason", "provider", "model")


def facts_of(answer: Answer) -> list[Any]:
    return [str(answer), *(getattr(answer, name) for name in (*FACTS, "turns", "seconds"))]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
async def test_a_pickled_answer_is_read_with_all_that_is_known_of_it(protocol: int) -> None:
    answer = await answered()
    for again in (pickle.loads(pickle.dumps(answer, protocol)), copy.deepcopy(answer)):
        assert type(again) is Answer
        assert facts_of(again) == facts_of(answer)
        assert again.exchange is None


def test_an_older_one_lacks_facts_and_a_newer_one_of_this_format_has_more() -> None:
    older = restore_answer(1, "Hi", {"calls": [{"name": "f", "arguments": {}}]})
    assert (older, older.calls, older.usage) == ("Hi", (AnswerCall("f", {}),), None)
    more = {"model": "m", "mood": 5, "usage": {"input_tokens": 3, "dreams": 4}}
    newer = restore_answer(1, "Hi", more)
    assert (newer.model, newer.usage) == ("m", Usage(3))
    assert not hasattr(newer, "mood")


def test_the_bytes_of_an_older_pickle_are_read() -> None:
    """In them stands where the function is: it has to stay there."""
    older = pickle.loads(b"crunt_pyodide.asking.answer\nrestore_answer\n(I1\nVHi\n(dtR.")
    assert (type(older), older, older.calls, older.usage) == (Answer, "Hi", (), None)


def test_one_of_another_format_is_told_in_a_sentence() -> None:
    with pytest.raises(FileError, match=r"newer version of runt-pyodide\. Install that version"):
        restore_answer(2, "Hi", {})


@pytest.mark.parametrize(
    "pickled",
    [
        (),
        ("Hi",),
        ("Hi", {}),
        (1, "Hi"),
        (1, "Hi", None),
        (1, None, {}),
        (1, "Hi", {}, {}),
        ("1", "Hi", {}),
        (None, 5, []),
    ],
)
def test_what_is_damaged_is_told_in_a_sentence(pickled: Any) -> None:
    with pytest.raises(FileError, match=r"no answer, or is damaged\. Ask again\."):
        restore_answer(*pickled)


@pytest.mark.parametrize("fact", ["thinking", "calls", "usage", "price", "turns", "warnings"])
@pytest.mark.parametrize("value", [None, 5j, [5], {"name": 5}, [{}], [None], "text"])
def test_a_damaged_fact_costs_itself_alone(fact: str, value: Any) -> None:
    answer = restore_answer(1, "Hi", {"model": "m", fact: value})
    assert (answer, answer.model) == ("Hi", "m")
    assert pickle.loads(pickle.dumps(answer)) == answer
