"""The Ollama provider: what it asks, what it learns, and what it advises."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from runt_pyodide import errors
from runt_pyodide.config import AIConfig, OllamaSettings
from runt_pyodide.messages import (
    AIResponse,
    ChatRequest,
    ChatSettings,
    Image,
    Message,
    ToolSpec,
)
from runt_pyodide.providers import OllamaProvider, ProviderRegistry
from runt_pyodide.providers.ollama_address import find_neighbours, normalise_base_url
from runt_pyodide.transport import Request, Response
from runt_pyodide.transport.scripted import Scripted, ScriptedTransport

REQUEST = ChatRequest((Message("user", "hi"),), "llama3.2")
TOOLS = (ToolSpec("add", "Adds.", {"type": "object"}),)
NOT_FOUND = Scripted(404, {}, [b'{"error":"model \'llama3.2\' not found"}'])
Answer = Scripted | errors.ProviderError


def answer(value: Any, status: int = 200) -> Scripted:
    return Scripted(status, {"Content-Type": "application/json"}, [json.dumps(value).encode()])


def shown(*capabilities: str, length: int = 131072, **more: Any) -> Scripted:
    info = {"general.architecture": "llama", "llama.context_length": length}
    details = {"family": more.pop("family", "llama"), "parameter_size": "3.2B"}
    return answer({"capabilities": capabilities, "model_info": info, "details": details, **more})


def stream(*texts: str, **counts: int) -> Scripted:
    records = [{"message": {"role": "assistant", "content": text}} for text in texts]
    end = {"message": {}, "done": True, "done_reason": "stop", **counts}
    wire = "".join(json.dumps(record) + "\n" for record in [*records, end])
    return Scripted(200, {"Content-Type": "application/x-ndjson"}, [wire.encode()])


class Server:
    """A transport that answers by path: each path's answers in their order, the last for good."""

    def __init__(self, **answers: Answer | list[Answer]) -> None:
        default = {"show": shown("completion"), "chat": stream("hi")}
        self._answers = {
            f"/api/{name}": list(given) if isinstance(given, list) else [given]
            for name, given in (default | answers).items()
        }
        self.requests: list[Request] = []

    @asynccontextmanager
    async def send(self, request: Request) -> AsyncGenerator[Response, None]:
        self.requests.append(request)
        left = self._answers[self._path(request)]
        async with ScriptedTransport([left.pop(0) if len(left) > 1 else left[0]]).send(
            request
        ) as response:
            yield response

    def bodies(self, name: str) -> list[Any]:
        """The JSON bodies of the requests to a path."""
        asked = [one for one in self.requests if self._path(one) == f"/api/{name}"]
        return [json.loads(one.body or b"null") for one in asked]

    def _path(self, request: Request) -> str:
        return request.url[request.url.index("/api/") :]


def provider(server: Server, **settings: Any) -> OllamaProvider:
    return OllamaProvider("ollama", OllamaSettings.model_validate(settings), server)


async def ask(server: Server, request: ChatRequest = REQUEST, **settings: Any) -> AIResponse:
    return await provider(server, **settings).execute_prompt(request)


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("", "http://127.0.0.1:11434"),
        ("http://localhost:11434", "http://localhost:11434"),
        (" http://localhost:11434/ ", "http://localhost:11434"),
        ("http://localhost:11434/v1", "http://localhost:11434"),
        ("http://localhost:11434/v1/chat/completions", "http://localhost:11434"),
        ("http://localhost:11434/api/", "http://localhost:11434"),
        ("http://localhost:11434/api/chat", "http://localhost:11434"),
        ("localhost", "http://localhost:11434"),
        ("localhost:8080/api", "http://localhost:8080"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:11434", "http://127.0.0.1:11434"),
        ("http://0.0.0.0:8080", "http://127.0.0.1:8080"),
        (":8080", "http://127.0.0.1:8080"),
        ("[::]:11434", "http://[::1]:11434"),
        ("::1", "http://[::1]:11434"),
        ("[fe80::1]", "http://[fe80::1]:11434"),
        ("192.168.1.7", "http://192.168.1.7:11434"),
        ("https://host/ollama/api", "https://host/ollama"),
        ("https://host", "https://host"),
        ("ollama.com", "https://ollama.com"),
    ],
)
def test_base_urls_as_people_paste_them(pasted: str, meant: str) -> None:
    assert normalise_base_url(pasted) == meant
    assert normalise_base_url(meant) == meant


@pytest.mark.parametrize(
    ("base_url", "others"),
    [
        ("http://localhost:11434", ["https://localhost"]),
        ("https://host/ollama", ["https://host", "https://host:11434"]),
        ("http://[::1]", ["http://[::1]:11434", "https://[::1]"]),
        ("http://[::1", []),
    ],
)
def test_where_else_it_may_be(base_url: str, others: list[str]) -> None:
    assert find_neighbours(base_url) == others


async def test_the_requests() -> None:
    server = Server()
    assert (await ask(server, api_key=" k-1 \n", keep_alive="10m")).text == "hi"
    show, chat = server.requests
    assert (show.method, show.url) == ("POST", "http://127.0.0.1:11434/api/show")
    assert (chat.method, chat.url) == ("POST", "http://127.0.0.1:11434/api/chat")
    assert json.loads(show.body or b"") == {"model": "llama3.2"}
    assert json.loads(chat.body or b"")["keep_alive"] == "10m"
    # No other header passes Ollama's preflight.
    assert chat.headers == {"Content-Type": "application/json", "Authorization": "Bearer k-1"}
    assert "k-1" not in f"{chat!r} {provider(server, api_key='k-1')!r}"


async def test_without_a_key_there_is_no_authorization() -> None:
    server = Server(tags=answer({"models": []}))
    asked = provider(server)
    await asked.execute_prompt(REQUEST)
    await asked.get_available_models()
    assert [one.headers for one in server.requests] == [
        {"Content-Type": "application/json"}
    ] * 2 + [{}]


async def test_a_model_is_described_once() -> None:
    server = Server()
    asked = provider(server)
    await asked.execute_prompt(REQUEST)
    await asked.execute_prompt(REQUEST)
    assert len(server.bodies("show")) == 1


async def test_the_window_is_set_from_prompt_and_model_and_never_shrinks() -> None:
    server = Server(show=shown("completion", length=32768))
    asked = provider(server)
    for words in (1, 10_000, 1, 100_000):
        await asked.execute_prompt(ChatRequest((Message("user", "word " * words),), "llama3.2"))
    windows = [body["options"]["num_ctx"] for body in server.bodies("chat")]
    assert windows == [8192, 32768, 32768, 32768]


async def test_the_user_s_own_window_wins() -> None:
    server = Server()
    await ask(server, num_ctx=1000)
    assert server.bodies("chat")[0]["options"] == {"num_ctx": 1000}


async def test_a_model_on_another_machine_has_its_whole_window() -> None:
    server = Server(show=shown("completion", remote_host="https://ollama.com:443"))
    await ask(server)
    assert "options" not in server.bodies("chat")[0]


async def test_a_cut_prompt_is_told() -> None:
    long = ChatRequest((Message("user", "word " * 10_000),), "llama3.2")
    server = Server(
        show=shown("completion", length=4096), chat=stream("hi", prompt_eval_count=4096)
    )
    response = await ask(server, long)
    assert response.text == "hi"
    assert "Ollama cut the prompt" in response.notice
    whole = Server(chat=stream("hi", prompt_eval_count=10_020))
    assert (await ask(whole, long)).notice == ""


@pytest.mark.parametrize(
    ("effort", "capabilities", "family", "think"),
    [
        ("high", ("completion",), "llama", None),
        ("none", ("completion",), "llama", None),
        (None, ("thinking",), "qwen3", None),
        ("none", ("thinking",), "qwen3", False),
        ("minimal", ("thinking",), "qwen3", "low"),
        ("high", ("thinking",), "gptoss", "high"),
        ("none", ("thinking",), "gptoss", "low"),
        ("high", (), "qwen3", None),
    ],
)
async def test_think_goes_to_models_that_do(
    effort: Any, capabilities: tuple[str, ...], family: str, think: Any
) -> None:
    server = Server(show=shown(*capabilities, family=family))
    settings = ChatSettings(reasoning_effort=effort)
    await ask(server, ChatRequest(REQUEST.messages, "llama3.2", settings=settings))
    assert server.bodies("chat")[0].get("think") == think


async def test_a_level_that_an_older_server_refuses_becomes_a_plain_yes_for_good() -> None:
    refusal = answer({"error": 'think value "high" is not supported for this model'}, 400)
    server = Server(show=shown("thinking"), chat=[refusal, stream("hi")])
    asked = provider(server)
    request = ChatRequest(
        REQUEST.messages, "llama3.2", settings=ChatSettings(reasoning_effort="high")
    )
    for _ in range(2):
        assert (await asked.execute_prompt(request)).text == "hi"
    assert [body["think"] for body in server.bodies("chat")] == ["high", True, True]


async def test_another_refusal_is_not_sent_twice() -> None:
    server = Server(show=shown("thinking"), chat=answer({"error": "invalid options"}, 400))
    settings = ChatSettings(reasoning_effort="high")
    with pytest.raises(errors.BadRequestError, match="invalid options"):
        await ask(server, ChatRequest(REQUEST.messages, "llama3.2", settings=settings))
    assert len(server.bodies("chat")) == 1


async def test_tools_are_left_out_for_a_model_without_and_it_is_told() -> None:
    server = Server(show=[shown("completion"), shown("completion", "tools")])
    asked = provider(server)
    assert asked.supports_tools("llama3.2") is True
    response = await asked.execute_prompt(ChatRequest(REQUEST.messages, "llama3.2", TOOLS))
    assert "'llama3.2' cannot call tools" in response.notice
    assert "tools" not in server.bodies("chat")[0]
    assert asked.supports_tools("llama3.2") is asked.supports_tools("llama3.2:latest") is False
    response = await asked.execute_prompt(ChatRequest(REQUEST.messages, "qwen3", TOOLS))
    assert response.notice == ""
    assert server.bodies("chat")[1]["tools"][0]["function"]["name"] == "add"
    assert asked.supports_tools("qwen3") is True


async def test_a_server_that_does_not_tell_capabilities_is_sent_everything() -> None:
    server = Server(show=answer({"details": {"family": "llama"}}))
    image = Message("user", "hi", images=(Image("image/png", "aGk="),))
    response = await ask(server, ChatRequest((image,), "llama3.2", TOOLS))
    assert response.notice == ""
    assert {"tools", "messages"} <= server.bodies("chat")[0].keys()


async def test_images_are_not_sent_to_a_model_that_cannot_see() -> None:
    image = ChatRequest((Message("user", "hi", images=(Image("image/png", "aGk="),)),), "llama3.2")
    with pytest.raises(errors.BadRequestError, match="cannot see images") as caught:
        await ask(Server(), image)
    assert "vision" in caught.value.advice
    server = Server(show=shown("vision"))
    await ask(server, image)
    assert server.bodies("chat")[0]["messages"][0]["images"] == ["aGk="]


def row(name: str, digest: str = "1", **more: Any) -> dict[str, Any]:
    return {"name": name, "model": name, "digest": digest, "details": {}, **more}


async def test_models_with_what_they_can_do() -> None:
    told = row("new:1b", capabilities=["completion", "tools", "insert"])
    told["details"] = {"context_length": 4096, "parameter_size": "1B"}
    listed = answer({"models": [row("nomic-embed:latest"), told, row("qwen3:latest")]})
    server = Server(
        tags=listed,
        show=[shown("embedding"), shown("completion", "tools", "thinking", length=40960)],
    )
    asked = provider(server, model="qwen3")
    models = [model.to_json() for model in await asked.get_available_models()]
    assert models == [
        {
            "name": "qwen3:latest",
            "displayName": "qwen3",
            "provider": "ollama",
            "capabilities": ["completion", "tools", "thinking"],
            "metadata": {"contextLength": 40960, "parameterSize": "3.2B"},
        },
        {
            "name": "new:1b",
            "displayName": "new:1b",
            "provider": "ollama",
            "capabilities": ["completion", "tools"],
            "metadata": {"contextLength": 4096, "parameterSize": "1B"},
        },
    ]
    assert [body["model"] for body in server.bodies("show")] == [
        "nomic-embed:latest",
        "qwen3:latest",
    ]
    await asked.get_available_models()
    await asked.execute_prompt(ChatRequest(REQUEST.messages, "qwen3"))
    assert len(server.bodies("show")) == 2


async def test_a_model_that_was_pulled_anew_is_described_anew() -> None:
    lists = [answer({"models": [row("qwen3:latest", digest)]}) for digest in "112"]
    server = Server(tags=[*lists], show=[shown("completion"), shown("completion", "tools")])
    asked = provider(server)
    capabilities = [(await asked.get_available_models())[0].capabilities for _ in range(3)]
    assert capabilities == [("completion",), ("completion",), ("completion", "tools")]


async def test_a_model_that_is_not_described_is_listed_all_the_same() -> None:
    server = Server(tags=answer({"models": [row("qwen3:latest")]}), show=answer({}, 500))
    assert [model.name for model in await provider(server).get_available_models()] == [
        "qwen3:latest"
    ]


async def test_without_a_server_the_chosen_model_is_listed() -> None:
    server = Server(tags=errors.NetworkError("No answer."))
    asked = provider(server, model="qwen3")
    assert [model.name for model in await asked.get_available_models()] == ["qwen3"]
    with pytest.raises(errors.NetworkError, match="No answer"):
        await asked.list_models()


PULL = "`ollama pull llama3.2`"
WORDS: list[tuple[dict[str, Answer], type[errors.ProviderError], str]] = [
    ({"show": NOT_FOUND}, errors.ModelNotFoundError, PULL),
    ({"chat": NOT_FOUND}, errors.ModelNotFoundError, PULL),
    (
        {"show": Scripted(404, {}, [b"404 page not found"]), "chat": Scripted(404, {}, [b""])},
        errors.ModelNotFoundError,
        "Check that it is Ollama which listens at http://127.0.0.1:11434;",
    ),
    ({"show": errors.NetworkError("No answer.")}, errors.NetworkError, "`ollama serve`"),
    (
        {"show": errors.CorsError("It may not.", origin="https://a.example")},
        errors.CorsError,
        'OLLAMA_ORIGINS="https://a.example"',
    ),
    ({"chat": answer({"error": "unauthorized"}, 401)}, errors.AuthenticationError, "signin"),
    ({"show": Scripted(403)}, errors.PermissionDeniedError, "OLLAMA_HOST=0.0.0.0"),
    (
        {"chat": answer({"error": "model requires more system memory (9 GiB) than is"}, 500)},
        errors.ServerError,
        "smaller `numCtx`",
    ),
    (
        {"chat": answer({"error": "the prompt is longer than the context length"}, 400)},
        errors.ContextLengthError,
        "Hide cells above",
    ),
    ({"chat": answer({"error": "server busy"}, 503)}, errors.OverloadedError, "Wait a little"),
    (
        {"chat": Scripted(200, {"Content-Type": "text/html"}, [b"<html>"])},
        errors.ProtocolError,
        "type openai",
    ),
    ({"chat": Scripted(200, {}, [b'{"message":{"content":"a"}'])}, errors.CutStreamError, "again"),
    ({"chat": Scripted(200)}, errors.CutStreamError, "again"),
]


@pytest.mark.parametrize(("answers", "kind", "advice"), WORDS)
async def test_what_goes_wrong_is_told_with_the_next_step(
    answers: dict[str, Answer], kind: type[errors.ProviderError], advice: str
) -> None:
    server = Server(**answers)
    with pytest.raises(errors.ProviderError) as caught:
        await ask(server)
    assert type(caught.value) is kind
    assert advice in caught.value.advice
    assert (caught.value.provider, caught.value.model) == ("ollama", "llama3.2")
    assert not any("/api/pull" in one.url for one in server.requests)


async def test_a_model_that_cannot_be_described_is_asked_all_the_same() -> None:
    for broken in (answer({}, 500), Scripted(404), Scripted(200, {}, [b"[]"])):
        assert (await ask(Server(show=broken))).text == "hi"


async def test_a_last_record_without_a_line_end_counts() -> None:
    wire = b'{"message":{"content":"hi"}}\n{"message":{},"done":true}'
    assert (await ask(Server(chat=Scripted(200, {}, [wire])))).text == "hi"


async def test_a_key_is_in_no_error() -> None:
    server = Server(chat=answer({"error": "bad key sk-secret"}, 401))
    with pytest.raises(errors.AuthenticationError) as caught:
        await ask(server, api_key="sk-secret")
    assert "sk-secret" not in f"{caught.value!r} {caught.value}"
    assert "signin" not in caught.value.advice


async def test_a_check_asks_for_the_description_alone() -> None:
    server = Server(show=NOT_FOUND)
    with pytest.raises(errors.ModelNotFoundError) as caught:
        await provider(server).check_model("llama3.2")
    assert PULL in caught.value.advice
    assert server.bodies("chat") == []


def test_a_configuration_makes_one() -> None:
    data = {"providers": {"ollama": {"baseUrl": "0.0.0.0", "numCtx": 4096, "model": "qwen3"}}}
    made = ProviderRegistry.from_config(AIConfig.read(data), ScriptedTransport()).require("ollama")
    assert isinstance(made, OllamaProvider)
    assert (made.base_url, made.models) == ("http://127.0.0.1:11434", ("qwen3",))
    assert made.missing() is None
