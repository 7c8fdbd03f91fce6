"""CopilotKit's mock of model services: chat completions, the Responses API, Ollama, and errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from runt_pyodide import ask, configure
from runt_pyodide.errors import (
    AuthenticationError,
    ContentFilterError,
    LimitError,
    ProviderError,
    RateLimitError,
)
from tests.support.real_servers.httpx_transport import Connect, HttpxTransport
from tests.support.real_servers.process import ServerProcess
from tests.support.real_servers.programs import aimock

KEY = "sk-right"
HELLO = "Gr\u00fc\u00dfe aus \u5317\u4eac, \U0001f642\U0001f642!"
CITIES = ["Paris", '\u5317\u4eac "centre"\n']
CALLS = [{"name": "weather", "arguments": {"city": city}} for city in CITIES]
FIXTURES = [
    {"match": {"userMessage": "[hello]"}, "response": {"content": HELLO}},
    {
        "match": {"userMessage": "[two]", "hasToolResult": False},
        "response": {"content": "I look at both.", "toolCalls": CALLS},
    },
    {"match": {"userMessage": "[two]", "hasToolResult": True}, "response": {"content": "Sunny."}},
    {
        "match": {"userMessage": "[cut]"},
        "response": {"content": "Half an answer", "finishReason": "length"},
    },
    {
        "match": {"userMessage": "[withheld]"},
        "response": {"content": "Half an answer", "finishReason": "content_filter"},
    },
    {
        "match": {"userMessage": "[limited]"},
        "response": {
            "error": {"message": "Slow down.", "type": "rate_limit_error"},
            "status": 429,
        },
    },
]
apis = pytest.mark.parametrize("api", ["chat", "responses"])


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with aimock(tmp_path_factory.mktemp("aimock"), FIXTURES, KEY) as server:
        yield server


@pytest.fixture
def asked() -> list[str]:
    """The cities that the tool `weather` was asked for."""
    return []


@apis
async def test_an_answer(mock: ServerProcess, connect: Connect, api: str) -> None:
    connect(mock.base_url, api=api, model="gpt-4o", api_key=KEY)
    assert await ask("[hello]") == HELLO


@apis
async def test_two_calls(mock: ServerProcess, connect: Connect, api: str, asked: list[str]) -> None:
    connect(mock.base_url, api=api, model="gpt-4o", api_key=KEY)
    assert (await ask("[two]", tools=[tool(asked)])).endswith("Sunny.")
    assert asked == CITIES


@apis
async def test_a_cut_answer_is_told(mock: ServerProcess, connect: Connect, api: str) -> None:
    """By the Responses API it comes as `response.completed` with the status "incomplete"."""
    connect(mock.base_url, api=api, model="gpt-4o", api_key=KEY)
    with pytest.raises(LimitError, match="truncated"):
        await ask("[cut]")


async def test_a_withheld_answer_is_told(mock: ServerProcess, connect: Connect) -> None:
    connect(mock.base_url, api="chat", model="gpt-4o", api_key=KEY)
    with pytest.raises(ContentFilterError):
        await ask("[withheld]")


async def test_an_answer_that_failed_is_no_success(mock: ServerProcess, connect: Connect) -> None:
    """It comes as `response.completed` with the status "failed"."""
    connect(mock.base_url, api="responses", model="gpt-4o", api_key=KEY)
    with pytest.raises(ProviderError):
        await ask("[withheld]")


@apis
async def test_a_limit_is_told(mock: ServerProcess, connect: Connect, api: str) -> None:
    connect(mock.base_url, api=api, model="gpt-4o", api_key=KEY)
    with pytest.raises(RateLimitError, match="Slow down"):
        await ask("[limited]")


@apis
async def test_a_wrong_key(mock: ServerProcess, connect: Connect, api: str) -> None:
    connect(mock.base_url, api=api, model="gpt-4o", api_key="sk-wrong")
    with pytest.raises(AuthenticationError) as caught:
        await ask("[hello]")
    assert "sk-wrong" not in str(caught.value)


async def test_ollama_without_a_description_of_its_models(
    mock: ServerProcess, fresh: None, asked: list[str]
) -> None:
    """Such a server works, and is not asked again for what it does not know."""
    transport = HttpxTransport()
    own = {"base_url": mock.origin, "model": "llama3.2", "api_key": KEY}
    configure({"providers": {"ollama": own}}, transport=transport)
    with pytest.warns(UserWarning, match="does not describe"):
        assert await ask("[hello]") == HELLO
    assert (await ask("[two]", tools=[tool(asked)])).endswith("Sunny.")
    assert asked == CITIES
    shown = [one for one in transport.requests if one.url.endswith("/api/show")]
    assert len(shown) == 1


def tool(asked: list[str]) -> Callable[..., str]:
    def weather(city: str) -> str:
        """Return the weather of a city."""
        asked.append(city)
        return "sun"

    return weather
