"""A request as Gemini takes it."""

from __future__ import annotations

from typing import Any

from runt_pyodide.llm.adaptation.shape import ASSISTANT_LAST, shape
from runt_pyodide.llm.gemini.request_body import SIGNATURE, build_body, build_state
from runt_pyodide.llm.messages import ChatRequest, ChatSettings, Image, Message, ToolCall, ToolSpec
from tests.support.llm.histories import random_histories
from tests.support.services.native.gemini import GeminiService

MODEL = "gemini-3.8-flash"
USER = Message("user", "hi")
TOOLS = (ToolSpec("f", "Does.", {"type": "object", "properties": {"a": {"type": "integer"}}}),)
SCHEMA = {"type": "object", "properties": {"value": {"type": "integer"}}}


def body_of(*messages: Message, **more: Any) -> Any:
    return build_body(ChatRequest(messages or (USER,), **{"model": MODEL, **more}))


def test_the_least_that_is_sent() -> None:
    contents = [{"role": "user", "parts": [{"text": "hi"}]}]
    assert body_of(model="gemini-2.0-flash") == {"contents": contents}


def test_all_that_can_be_asked_for() -> None:
    settings = ChatSettings(0.5, 9, 0.9, seed=1, stop=("x",), reasoning_effort="high")
    body = body_of(settings=settings, tools=TOOLS, system_prompt="Be.", response_format=SCHEMA)
    assert body["systemInstruction"] == {"parts": [{"text": "Be."}]}
    parameters = {"parametersJsonSchema": dict(TOOLS[0].parameters)}
    declared = {"name": "f", "description": "Does.", **parameters}
    assert body["tools"] == [{"functionDeclarations": [declared]}]
    assert body["generationConfig"] == {
        "temperature": 0.5,
        "topP": 0.9,
        "seed": 1,
        "maxOutputTokens": 9,
        "stopSequences": ["x"],
        "thinkingConfig": {"includeThoughts": True, "thinkingLevel": "high"},
        "responseMimeType": "application/json",
        "responseJsonSchema": SCHEMA,
    }


def test_pictures() -> None:
    (content,) = body_of(Message("user", "See", images=(Image("image/png", "aGk="),)))["contents"]
    data = {"mimeType": "image/png", "data": "aGk="}
    assert content["parts"] == [{"text": "See"}, {"inlineData": data}]


def turn(*states: dict[str, Any] | None) -> list[Message]:
    calls = tuple(ToolCall(f"c{n}", "f", '{"a": 1}', one) for n, one in enumerate(states))
    results = [Message("tool", "r", tool_call_id=one.id, tool_name="f") for one in calls]
    return [USER, Message("assistant", "", tool_calls=calls), *results]


def test_parallel_calls_and_their_results_stand_together_with_signature_and_ids() -> None:
    _, said, results = body_of(*turn({SIGNATURE: "s==", "id": "x"}, {"id": "y"}))["contents"]
    first, second = said["parts"]
    called = {"name": "f", "args": {"a": 1}}
    assert first == {"functionCall": {"id": "x", **called}, SIGNATURE: "s=="}
    assert second == {"functionCall": {"id": "y", **called}}
    answers = [part["functionResponse"] for part in results["parts"]]
    answer = {"name": "f", "response": {"result": "r"}}
    assert answers == [{"id": "x", **answer}, {"id": "y", **answer}]
    assert (said["role"], results["role"]) == ("model", "user")


def test_calls_that_another_model_made_say_that_they_have_no_signature() -> None:
    first, second = body_of(*turn(None, None))["contents"][1]["parts"]
    assert first[SIGNATURE] == "skip_thought_signature_validator"
    assert SIGNATURE not in second
    assert "id" not in first["functionCall"]
    assert SIGNATURE not in str(body_of(*turn(None), model="gemini-2.5-pro"))


def test_the_signature_of_a_text_goes_back_where_it_stood() -> None:
    parts = [{"text": "1+1 is 2."}, {"text": "", SIGNATURE: "s=="}]
    said = Message("assistant", "1+1 is 2.", state=build_state(MODEL, parts))
    assert body_of(USER, said, USER)["contents"][1]["parts"] == parts
    edited = Message("assistant", "1+1 is 3.", state=build_state(MODEL, parts))
    assert body_of(USER, edited, USER)["contents"][1]["parts"] == [{"text": "1+1 is 3."}]
    other = body_of(USER, said, USER, model="gemini-4-argon")["contents"][1]["parts"]
    assert other == [{"text": "1+1 is 2."}]
    assert build_state(MODEL, [{"text": "unsigned"}]) == ()


def test_any_history_keeps_the_rules() -> None:
    service = GeminiService(MODEL)
    for messages in random_histories(300):
        request = ChatRequest((*messages, USER), MODEL, tools=TOOLS)
        shaped = shape(request, {ASSISTANT_LAST}).request
        assert [*service.find_faults(build_body(shaped))] == []
