"""Which parameters a model accepts: what is known, what is learnt, and that learning ends."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.config import OpenAISettings
from runt_pyodide.errors import BadRequestError, ContextLengthError, ServerError
from runt_pyodide.llm.messages import AIResponse, ChatRequest, ChatSettings, Message
from runt_pyodide.llm.openai.parameters import RULES, adapt, find_refused, known_refusals
from runt_pyodide.llm.openai.provider import OpenAIProvider
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

SETTINGS = ChatSettings(0.5, 9, 0.9, seed=1, stop=("x",), reasoning_effort="low")
REQUEST = ChatRequest(
    (Message("user", "hi"),), "m", settings=SETTINGS, response_format={"type": "object"}
)
CHUNK = {"choices": [{"delta": {"content": "hi"}, "finish_reason": "stop"}]}
ANSWER = Scripted(
    200, {"Content-Type": "text/event-stream"}, [f"data: {json.dumps(CHUNK)}\n\n".encode()]
)
SAID = {"type": "message", "content": [{"type": "output_text", "text": "hi"}]}
DONE = {"type": "response.completed", "response": {"status": "completed", "output": [SAID]}}
RESPONSE = Scripted(
    200, {"Content-Type": "text/event-stream"}, [f"data: {json.dumps(DONE)}\n\n".encode()]
)


def refusal(message: str, param: str | None = None, status: int = 400, **more: Any) -> Scripted:
    error = {"message": message, "type": "invalid_request_error", "param": param, **more}
    return Scripted(status, {}, [json.dumps({"error": error}).encode()])


def unsupported(param: str) -> Scripted:
    return refusal(f"Unsupported parameter: '{param}' is not supported with this model.", param)


class Asked:
    """A provider, what it answered, and the bodies that it sent."""

    def __init__(self, *answers: Scripted, **settings: Any) -> None:
        self.transport = ScriptedTransport(answers)
        settings = {"base_url": "http://x/v1", "api_key": "sk-1", **settings}
        self.provider = OpenAIProvider("x", OpenAISettings(**settings), self.transport)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.body or b"") for request in self.transport.requests]

    async def ask(self, model: str = "m", request: ChatRequest = REQUEST) -> AIResponse:
        fields = (request.tools, request.system_prompt, request.settings, request.response_format)
        return await self.provider.execute_prompt(ChatRequest(request.messages, model, *fields))


async def test_what_is_refused_is_left_out_and_not_sent_again() -> None:
    asked = Asked(unsupported("top_p"), ANSWER, ANSWER, ANSWER)
    assert "top_p" in (await asked.ask()).notice
    await asked.ask()
    await asked.ask("another")
    assert ["top_p" in body for body in asked.bodies] == [True, False, False, True]
    assert all("temperature" in body for body in asked.bodies)


async def test_what_has_another_name_is_sent_under_it() -> None:
    asked = Asked(unsupported("max_tokens"), ANSWER)
    assert (await asked.ask()).notice == ""
    first, second = asked.bodies
    assert first["max_tokens"] == second["max_completion_tokens"] == 9
    assert "max_tokens" not in second


async def test_a_limit_is_never_left_out() -> None:
    asked = Asked(unsupported("max_tokens"), unsupported("max_completion_tokens"))
    with pytest.raises(BadRequestError, match="max_completion_tokens"):
        await asked.ask()
    assert len(asked.bodies) == 2


async def test_several_refusals_are_learnt_one_after_the_other() -> None:
    names = ["temperature", "seed", "stop", "reasoning_effort", "stream_options"]
    asked = Asked(*map(unsupported, names), ANSWER)
    answer = await asked.ask()
    assert len(asked.bodies) == 6
    assert not set(names) & set(asked.bodies[-1])
    # What only serves ourselves is not the reader's concern.
    assert answer.notice == (
        "Left out of the request, since the model does not take it: "
        "temperature, seed, stop, reasoning_effort."
    )


async def test_a_refusal_that_stays_is_raised_after_one_repeat() -> None:
    asked = Asked(unsupported("temperature"), unsupported("temperature"))
    with pytest.raises(BadRequestError, match="temperature"):
        await asked.ask()
    assert len(asked.bodies) == 2


async def test_a_server_that_refuses_everything_is_given_up() -> None:
    asked = Asked(*[unsupported(rule.name) for rule in RULES for _ in (0, 1)])
    with pytest.raises(BadRequestError):
        await asked.ask()
    assert len(asked.bodies) <= len(RULES)


async def test_a_schema_is_loosened_before_it_is_left_out() -> None:
    bad_schema = refusal("Invalid schema for response_format 'answer'", "response_format")
    asked = Asked(bad_schema, refusal("Invalid schema once more", "response_format"), ANSWER)
    assert "told the schema in words" in (await asked.ask()).notice
    strict, loose, none = asked.bodies
    assert strict["response_format"]["json_schema"].pop("strict") is True
    assert strict["response_format"] == loose["response_format"]
    assert "response_format" not in none
    assert '{"type": "object"}' in none["messages"][0]["content"]


async def test_in_the_responses_api() -> None:
    verify = "Your organization must be verified to generate reasoning summaries."
    asked = Asked(
        refusal(verify, "reasoning.summary", code="unsupported_value"),
        refusal("Encrypted content is not supported with this model.", "include"),
        refusal("Invalid schema for response_format 'answer'", "text.format.schema"),
        unsupported("reasoning.effort"),
        RESPONSE,
        api="responses",
    )
    notice = (await asked.ask()).notice
    bodies = asked.bodies
    assert [body.get("reasoning") for body in bodies[:2]] == [
        {"summary": "auto", "effort": "low"},
        {"effort": "low"},
    ]
    # An object of which nothing is left goes too.
    assert "reasoning" not in bodies[-1] and "include" not in bodies[-1]
    assert bodies[-1]["text"]["format"].keys() == {"type", "name", "schema"}
    # Seed and stop have no place in this API.
    assert notice.endswith(": effort, seed, stop.")
    assert asked.transport.requests[0].url == "http://x/v1/responses"


@pytest.mark.parametrize(
    "error",
    [
        refusal("Invalid 'temperature': decimal above maximum value.", "temperature"),
        refusal("max_tokens is too large: 9.", "max_tokens"),
        refusal("'temperature' must be between 0 and 2"),
        refusal("Something else is wrong.", "messages"),
        refusal("Please stop. The seed of this is in the text."),
        refusal("too long", "temperature", code="context_length_exceeded"),
        refusal("'temperature' is not supported", "temperature", status=403),
        refusal("'tools' are not supported", "tools"),
        Scripted(400),
    ],
)
async def test_other_refusals_are_raised_at_once(error: Scripted) -> None:
    asked = Asked(error, ANSWER)
    with pytest.raises(Exception, match="HTTP 40"):
        await asked.ask()
    assert len(asked.bodies) == 1


def test_what_is_no_matter_of_parameters() -> None:
    said = "Reduce 'max_tokens'"
    for error in (ContextLengthError(said, status=400), ServerError(said, status=500)):
        assert not [*find_refused(error, {}, ())]
    assert "max_tokens" in [*find_refused(BadRequestError(said, status=400), {}, ())]
    # In a stream there is no status.
    assert "max_tokens" in [*find_refused(BadRequestError(said), {}, ())]


def test_a_complaint_about_one_tool_is_not_one_about_tools() -> None:
    error = BadRequestError("Invalid schema for function 'add'", status=400)
    error.param = "tools[0].function.parameters"
    assert "tools" not in [*find_refused(error, {}, ())]
    error.param = "tools"
    assert [*find_refused(error, {}, ())] == ["tools"]


def test_what_is_not_streamed_has_no_options_of_a_stream() -> None:
    body = {"model": "m", "stream": True, "stream_options": {"include_usage": True}}
    assert adapt(body, {"stream"}) == ({"model": "m", "stream": False}, ())


@pytest.mark.parametrize(
    ("model", "effort", "refused"),
    [
        ("gpt-4.1", None, {"max_tokens", "reasoning_effort"}),
        ("gpt-5-chat-latest", None, {"max_tokens", "reasoning_effort"}),
        ("o4-mini", "low", {"max_tokens", "messages.role", "temperature", "top_p", "stop"}),
        ("gpt-5.6-luna", None, {"max_tokens", "messages.role", "temperature", "top_p", "stop"}),
        ("gpt-5.6-luna", "none", {"max_tokens", "messages.role"}),
        ("gpt-5.4", None, {"max_tokens", "messages.role"}),
        ("gpt-5.4", "high", {"max_tokens", "messages.role", "temperature", "top_p", "stop"}),
    ],
)
def test_what_openai_s_models_refuse(model: str, effort: str | None, refused: set[str]) -> None:
    assert known_refusals("chat", model, effort) == refused


def test_what_they_refuse_in_the_responses_api() -> None:
    assert known_refusals("responses", "gpt-4.1", None) == {"reasoning", "include"}
    assert {"temperature", "top_p"} <= known_refusals("responses", "o3", None)
    assert known_refusals("responses", "gpt-5.4", None) == set()


def test_the_system_s_role_and_names_of_a_server_s_own() -> None:
    body = {"messages": [{"role": "system"}, {"role": "user"}], "seed": 1}
    adapted, left_out = adapt(body, {"messages.role"}, {"seed": "random_seed"})
    assert adapted == {
        "messages": [{"role": "developer"}, {"role": "user"}],
        "random_seed": 1,
    }
    assert left_out == ()
    assert body == {"messages": [{"role": "system"}, {"role": "user"}], "seed": 1}


async def test_openai_s_reasoning_models_are_asked_by_the_responses_api() -> None:
    asked = Asked(RESPONSE, base_url=None)
    answer = await asked.ask("o3", ChatRequest((Message("user", "hi"),), "", settings=SETTINGS))
    body = asked.bodies[0]
    assert asked.transport.requests[0].url == "https://api.openai.com/v1/responses"
    assert (body["max_output_tokens"], body["reasoning"]["effort"]) == (9, "low")
    assert "temperature" not in body and "top_p" not in body
    assert answer.notice.endswith(": temperature, top_p, seed, stop.")


@pytest.mark.parametrize(
    ("settings", "model", "path"),
    [
        ({"base_url": None}, "gpt-4.1", "/chat/completions"),
        ({"base_url": None}, "gpt-5.6-luna", "/responses"),
        ({"base_url": "https://eu.api.openai.com/v1"}, "o3", "/responses"),
        ({"base_url": None, "api": "chat"}, "o3", "/chat/completions"),
        ({"base_url": "http://x/v1"}, "o3", "/chat/completions"),
        ({"base_url": "http://x/v1", "api": "responses"}, "any", "/responses"),
        ({"base_url": None, "preset": "openrouter"}, "o3", "/chat/completions"),
    ],
)
async def test_which_api_is_asked(settings: dict[str, Any], model: str, path: str) -> None:
    asked = Asked(RESPONSE if path == "/responses" else ANSWER, **settings)
    await asked.ask(model)
    assert asked.transport.requests[0].url.endswith(path)
