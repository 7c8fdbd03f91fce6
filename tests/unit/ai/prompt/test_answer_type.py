"""Answers of a type."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

from runt_pyodide.ai.prompt.answer_type import AnswerType
from runt_pyodide.errors import AnswerError, ArgumentError
from tests.support.stages.ai_stage import AiStage
from tests.support.stages.wire import cell


class Step(BaseModel):
    text: str
    minutes: int = 5


class Inner:
    pass


@dataclass
class Outer:
    inner: Inner


class Recipe(BaseModel):
    name: str
    steps: list[Step]


class Tree(BaseModel):
    name: str
    children: list[Tree] = []


FAMILY = Tree(name="a", children=[Tree(name="b")])


@dataclass
class Point:
    x: int
    y: int


class Place(TypedDict):
    name: str


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Step, '{"text": "Stir."}', Step(text="Stir.")),
        (Point, '{"x": 1, "y": 2}', Point(1, 2)),
        (Place, '{"name": "Bern"}', {"name": "Bern"}),
        (list[int], '{"value": [1, 2]}', [1, 2]),
        (Literal["yes", "no"], '{"value": "no"}', "no"),
        (int, '{"value": 3}', 3),
        (dict[str, int], '{"value": {"a": 1}}', {"a": 1}),
        (Step | None, '{"value": null}', None),
        (list[Step], '{"value": [{"text": "a"}]}', [Step(text="a")]),
        (
            Tree,
            '{"name": "a", "children": [{"name": "b"}]}',
            Tree(name="a", children=[Tree(name="b")]),
        ),
    ],
)
def test_a_value_of_any_type(kind: Any, text: str, value: Any) -> None:
    answer = AnswerType.of(kind)
    assert answer.schema["type"] == "object"
    assert answer.parse(text) == value
    assert answer.parse(f"```json\n{text}\n```\n") == value
    assert answer.complaint(text) is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (int, "5", 5),
        (int, "The answer is 5.", 5),
        (int, "Between 5 and 5: 5", 5),
        (int, "<think>3 or 5?</think>\n\n5", 5),
        (list[int], "[1, 2]", [1, 2]),
        (list[int], "They are [1, 2], I think.", [1, 2]),
        (bool, 'I would say {"value": true}.', True),
        (Point, 'For [0, 0] it is:\n\n```json\n{"x": 1, "y": 2,}\n```\nDone.', Point(1, 2)),
        (Place, 'It is 5" long, in {"name": "Bern"}.', {"name": "Bern"}),
        (Place, '{"name": "Bern\nMitte"}', {"name": "Bern\nMitte"}),
    ],
)
def test_json_is_found_where_models_put_it(kind: Any, text: str, value: Any) -> None:
    assert AnswerType.of(kind).parse(text) == value


def test_the_schema_is_strict_all_the_way_down() -> None:
    schema = AnswerType.of(Recipe).schema
    step = schema["$defs"]["Step"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["name", "steps"]
    assert step["additionalProperties"] is False
    assert step["required"] == ["text", "minutes"]
    assert "default" not in step["properties"]["minutes"]
    assert AnswerType.of(list[Step]).schema["properties"]["value"]["items"] == {
        "$ref": "#/$defs/Step"
    }


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        (Step, "Sorry, no.", "There is no JSON in it."),
        (int, "Either 3 or 4.", "It holds 2 values that may be meant."),
        (int, "It is true that I cannot say.", "True is no number"),
        (float, "false", "False is no number"),
        (int, '{"error": 5}', "the answer: Input should be a valid integer"),
        (Step, '{"minutes": "soon"}', "text: Field required; minutes: Input should be a valid int"),
        (list[int], '{"values": [1]}', "the answer: Input should be a valid array"),
    ],
)
def test_what_is_not_of_the_type_says_why(kind: Any, text: str, fault: str) -> None:
    answer = AnswerType.of(kind)
    with pytest.raises(AnswerError) as caught:
        answer.parse(text)
    assert fault in str(caught.value)
    complaint = answer.complaint(text)
    assert complaint is not None
    assert fault in complaint
    # Many servers ignore the schema of a request.
    assert json.dumps(answer.schema) in complaint


def test_what_pydantic_does_not_know_is_refused() -> None:
    wanted = "The type of an answer must be one that JSON can be read into, such as list[str]"
    for kind in (object(), 5, [int], {"name": str}, print, pytest, type, Inner, Outer):
        with pytest.raises(ArgumentError, match=re.escape(wanted)) as caught:
            AnswerType.of(kind)
        assert "\n" not in str(caught.value)
    assert "Inner" in str(caught.value)  # which of its fields is at fault


@pytest.mark.parametrize("kind", ["int", "list[str]", "no type"])
def test_the_name_of_a_type_is_none(kind: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(f"leave out the quotes of {kind!r}")):
        AnswerType.of(kind)


@pytest.mark.parametrize(
    ("answers", "asked", "text"),
    [
        (['{"text": "a"}'], 1, '{"text": "a"}'),
        (["No.", '{"text": "b"}'], 2, '{"text": "b"}'),
        (["No.", "No!"], 2, "No!"),
    ],
)
async def test_the_model_mends_its_answer_once(answers: list[str], asked: int, text: str) -> None:
    answer = AnswerType.of(Step)
    again = {"pattern": "Answer again", "text": answers[-1]}
    stage = AiStage(responses=[again, {"pattern": "", "text": answers[0]}])
    stage.receive(*cell("ai", "A step, please.", "ai"))
    executor = stage.agent._executors["ai"]._cell  # type: ignore[attr-defined]
    found: list[Any] = []

    class Asking:
        async def execute(self, run: Any) -> None:
            found.append(await executor.execute(run, answer))

    stage.agent._executors["ai"] = Asking()
    stage.agent.start()
    await stage.run()
    requests = stage.provider.requests
    assert len(requests) == asked
    assert all(request.response_format == answer.schema for request in requests)
    assert found[0].text == text
    if asked == 2:
        assert requests[1].messages[-2].content == answers[0]
        assert "Answer again" in requests[1].messages[-1].content
