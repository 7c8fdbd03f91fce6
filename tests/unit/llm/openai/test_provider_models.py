"""What a provider lists, and what else goes with its requests."""

from __future__ import annotations

import json

import pytest

from runt_pyodide.llm.messages import ChatRequest, Message
from runt_pyodide.llm.openai.provider import OpenAIProvider
from runt_pyodide.llm.openai.settings import OpenAISettings
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport

REQUEST = ChatRequest((Message("user", "hi"),), "m")
STREAM = (
    b'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)
SSE = {"Content-Type": "text/event-stream"}


def provider(*answers: Scripted, **settings: object) -> tuple[OpenAIProvider, ScriptedTransport]:
    transport = ScriptedTransport(answers)
    return OpenAIProvider("openai", OpenAISettings.model_validate(settings), transport), transport


def listing(*entries: dict[str, object], status: int = 200) -> Scripted:
    return Scripted(status, {}, [json.dumps({"data": entries}).encode()])


VLM = {"id": "my-vlm", "type": "vlm", "max_context_length": 8192}


async def test_a_list_that_says_more_is_asked_first() -> None:
    asked, transport = provider(listing(VLM), preset="lmstudio")
    [model] = await asked.get_available_models()
    assert (model.capabilities, model.context_length) == (("completion", "tools", "vision"), 8192)
    assert [one.url for one in transport.requests] == ["http://localhost:1234/api/v0/models"]


@pytest.mark.parametrize(
    "answer",
    [listing(status=404), listing(status=405), Scripted(200, {}, [b'{"error": "Unexpected"}'])],
)
async def test_and_the_usual_one_if_there_is_none(answer: Scripted) -> None:
    asked, transport = provider(answer, listing({"id": "a"}), preset="lmstudio")
    assert [one.name for one in await asked.get_available_models()] == ["a"]
    assert transport.requests[1].url == "http://localhost:1234/v1/models"


@pytest.mark.parametrize(
    ("settings", "sees"),
    [
        ({"preset": "groq"}, True),
        ({"base_url": "https://api.groq.com/openai/v1"}, True),
        ({"preset": "vllm"}, True),
        ({"base_url": "http://localhost:8080"}, False),
        ({"base_url": "http://localhost:8080", "vision": True}, True),
        ({"preset": "groq", "vision": False}, False),
        ({"vision": False}, False),
    ],
)
async def test_what_sees_is_told_by_a_setting_or_by_a_known_service_s_names(
    settings: dict[str, object], sees: bool
) -> None:
    listed = listing({"id": "gpt-4o"}, {"id": "gpt-4"})
    asked, _ = provider(listed, listed, api_key="k", **settings)
    for _ in range(2):
        model = await asked.describe_model("gpt-4o")
        assert model is not None
        assert ("vision" in model.capabilities) is sees
        await asked.list_models()


async def test_azure_lists_nothing_that_can_be_asked() -> None:
    given: dict[str, object] = {"preset": "azure", "base_url": "https://me.openai.azure.com"}
    asked, transport = provider(api_key="k", model="mine", **given)
    assert [one.name for one in await asked.list_models()] == ["mine"]
    assert transport.requests == []


async def test_headers_a_query_and_more_of_the_body_go_with_each_request() -> None:
    asked, transport = provider(
        *(Scripted(200, SSE, [STREAM]), listing({"id": "m"})),
        base_url="http://host/v1?a=1",
        headers={"X-Team": "blue", "authorization": "Key hush"},
        query={"b": "x y", "sig": "hush-2"},
        extra_body={"top_k": 5, "stream_options": {"more": True}, "api_key": "hush-3"},
    )
    await asked.execute_prompt(REQUEST)
    await asked.list_models()
    chat, models = transport.requests
    assert chat.url == "http://host/v1/chat/completions?a=1&b=x+y&sig=hush-2"
    assert models.url == "http://host/v1/models?a=1&b=x+y&sig=hush-2"
    own = {"X-Team": "blue", "authorization": "Key hush"}
    assert (chat.headers, models.headers) == ({"Content-Type": "application/json", **own}, own)
    body = json.loads(chat.body or b"")
    assert (body["top_k"], body["stream_options"]["more"]) == (5, True)
    assert {"Key hush", "hush", "hush-2", "hush-3"} <= set(asked.secrets())
    assert "hush" not in repr(asked)
