"""``ask`` and ``configure``, outside of any notebook."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from runt_pyodide import ask, configure, doctor, sign_in, sign_out, tool
from runt_pyodide.errors import ApprovalError, AuthenticationError, ConfigError
from runt_pyodide.llm.messages import ChatRequest, ChatSettings
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.authorisation import AuthorisationServer, paste_from
from tests.support.pictures import PNG
from tests.support.stages.ai_stage import call, say
from tests.support.stages.asking import HELLO, double, script, served
from tests.support.stages.loop import settle

pytestmark = pytest.mark.usefixtures("fresh")


@pytest.fixture
def no_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


async def test_a_stream_gives_pieces_that_add_up() -> None:
    script(say("One two three four five six. " * 20), delay=0.001)
    pieces = [piece async for piece in ask.stream("Hi")]
    assert len(pieces) > 1
    assert "".join(pieces) == "One two three four five six. " * 20


async def test_the_turns_of_a_stream_are_a_blank_line_apart() -> None:
    script({"text": "Looking.", **call("double", x=2)}, say("4."))
    pieces = [piece async for piece in ask.stream("Hi", tools=[double])]
    assert "".join(pieces) == "Looking.\n\n4."


async def test_to_leave_a_stream_closes_the_request() -> None:
    never = asyncio.Event()
    transport = served(Scripted(pieces=(HELLO[0], never)))
    stream = ask.stream("Hi")
    assert await anext(stream) == "Hel"
    await stream.aclose()
    assert transport.aborted == 1


async def test_to_leave_the_loop_closes_the_request_before_garbage_is_collected(
    no_collection: None,
) -> None:
    transport = served(Scripted(pieces=(HELLO[0], asyncio.Event())))
    async for _ in ask.stream("Hi"):
        break
    await settle()
    assert transport.aborted == 1


async def test_to_cancel_the_task_closes_the_request_and_the_next_question_works() -> None:
    never = asyncio.Event()
    transport = served(Scripted(pieces=(HELLO[0], never)), Scripted(pieces=HELLO))
    task = asyncio.ensure_future(ask("Hi"))
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert transport.aborted == 1
    assert await ask("Again") == "Hello"


async def test_tools_that_are_given_are_called_without_asking(
    requests: list[ChatRequest],
) -> None:
    script(call("double", x=21), say("42."))
    assert await ask("Twice 21?", tools=[double]) == "42."
    assert "42" in requests[1].messages[-1].content
    assert "double" in [spec.name for spec in requests[0].tools]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"approve": False}, "The user denied this call."),
        ({"approve": True}, "42"),
        ({"approve": lambda name, arguments: False}, "The user denied this call."),
        ({"approve": lambda name, arguments: (name, arguments) == ("double", {"x": 21})}, "42"),
    ],
)
async def test_registered_tools_are_called_by_their_policy(
    requests: list[ChatRequest], options: Any, told: str
) -> None:
    tool(double)
    script(call("double", x=21), say("Done."))
    assert await ask("Twice 21?", **options) == "Done."
    assert told in requests[1].messages[-1].content


async def test_a_call_that_nobody_can_allow_ends_the_run(requests: list[ChatRequest]) -> None:
    tool(double)
    script({"text": "Let me see.", **call("double", x=21)}, say("Done."))
    with pytest.raises(ApprovalError, match="'double', which asks first, and nobody") as caught:
        await ask("Twice 21?")
    assert len(requests) == 1
    assert (caught.value.tool, caught.value.arguments) == ("double", {"x": 21})
    assert caught.value.answer == "Let me see."
    configure(tools={"double": "auto"})
    assert await ask("Twice 21?") == "Done."


async def test_no_tools_is_none_at_all(requests: list[ChatRequest]) -> None:
    tool(double)
    script(say("Hi."))
    await ask("Hi")
    await ask("Hi", tools=[])
    assert {"double", "inspect_variables"} <= {spec.name for spec in requests[0].tools}
    assert requests[1].tools == ()


async def test_pictures_and_sampling_settings_reach_the_model_and_stay_with_their_question(
    requests: list[ChatRequest],
) -> None:
    script(say("A cat."))
    await ask("What is this?", images=[PNG, PNG], top_p=0.5, seed=3, stop="END", temperature=0)
    await ask("Why?", reasoning_effort="high")
    first, second = requests
    assert first.settings == ChatSettings(0, None, 0.5, 3, ("END",))
    assert second.settings == ChatSettings(reasoning_effort="high")
    assert [len(message.images) for message in first.messages] == [2]
    assert [len(message.images) for message in second.messages] == [2, 0, 0]


async def test_typed_answers_are_sampled_likewise(requests: list[ChatRequest]) -> None:
    script(say('{"value": 4}'))
    assert await ask("2 + 2?", returns=int, seed=3) == 4
    assert requests[0].settings == ChatSettings(seed=3)


async def test_a_picture_that_the_model_does_not_see_is_warned_of() -> None:
    # The server's list of models, which could tell, is asked for once.
    served(Scripted(404), Scripted(pieces=HELLO), Scripted(pieces=HELLO))
    with pytest.warns(UserWarning, match="1 picture. The model 'm' is not known to see pictures"):
        assert await ask("What is this?", images=[PNG], context=False) == "Hello"
    with pytest.warns(UserWarning, match="of the provider 'openai' .in code: vision=True."):
        assert [piece async for piece in ask.stream("?", images=[PNG], context=False)]


# What goes wrong says what to do


async def test_no_key_says_how_to_give_one() -> None:
    with pytest.raises(ConfigError, match=r"no API key.*configure\('openai', api_key="):
        await ask("Hi")


async def test_no_httpx_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runt_pyodide.llm.transport.absent.find_spec", lambda _name: None)
    configure("openai", api_key="sk-secret")
    with pytest.raises(ConfigError, match="httpx is not installed here") as caught:
        await ask("Hi")
    assert "configure(transport=...)" in str(caught.value)
    assert "sk-secret" not in str(caught.value)


async def test_an_old_pyodide_says_which_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyodide", SimpleNamespace(__version__="0.26.4"))
    configure("openai", api_key="sk-secret")
    with pytest.raises(ConfigError, match=r"This is Pyodide 0\.26\.4, which is too old"):
        await ask("Hi")


async def test_bad_input() -> None:
    script(say("Hi."))
    with pytest.raises(ValueError, match="The prompt is empty"):
        await ask(" ")
    with pytest.raises(TypeError, match=r"ask\(\) has no option 'frob'"):
        await ask("Hi", frob=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'int' is not a picture"):
        await ask("Hi", images=[1])
    with pytest.raises(TypeError, match="The type of an answer must be"):
        await ask("Hi", returns=object())
    with pytest.raises(ConfigError, match="No AI provider is named 'nobody'"):
        await ask("Hi", provider="nobody")


# configure


NAMED: list[dict[str, Any]] = [
    {"model": "ollama/qwen3"},
    {"model": "qwen3", "provider": "ollama"},
    {"model": "ollama/qwen3", "provider": "openai"},
    {"provider": "ollama"},
]


@pytest.mark.parametrize("named", NAMED)
async def test_a_provider_that_is_not_configured_is_nobody_s(named: dict[str, Any]) -> None:
    transport = ScriptedTransport()
    configure({"providers": {"openai": {"apiKey": "k"}}}, transport=transport)
    with pytest.raises(ConfigError, match="'ollama'"):
        await ask("Hi", **named)
    with pytest.raises(ConfigError, match="'ollama'"):
        _ = [piece async for piece in ask.stream("Hi", **named)]
    assert transport.requests == []


async def test_a_model_whose_name_has_slashes_is_named_after_its_provider() -> None:
    transport = ScriptedTransport([Scripted(pieces=HELLO)] * 2)
    router = {"type": "openai", "baseUrl": "http://localhost/v1"}
    configure({"providers": {"router": router, "test": {}}}, transport=transport)
    assert await ask("Hi", "router/vendor/model") == "Hello"
    assert await ask("Hi", model="vendor/model", provider="router") == "Hello"
    bodies = [json.loads(request.body or b"") for request in transport.requests]
    assert [body["model"] for body in bodies] == ["vendor/model", "vendor/model"]


async def test_the_doctor_takes_the_name_of_a_provider_or_looks_at_the_default() -> None:
    listed = Scripted(pieces=(b'{"data": [{"id": "m"}]}',))
    served(listed, Scripted(pieces=HELLO), listed, Scripted(pieces=HELLO))
    for found in (await doctor("openai"), await doctor()):
        assert (found.ok, found.provider) == (True, "openai"), found
    with pytest.raises(ConfigError, match="No AI provider is named 'opnai'; configured: openai"):
        await doctor("opnai")


@pytest.fixture
def service(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> AuthorisationServer:
    service = AuthorisationServer()
    configure("openrouter", base_url="https://proxy.example/v1", transport=service)
    monkeypatch.setattr("getpass.getpass", paste_from(service, lambda: capsys.readouterr().out))
    return service


async def test_a_sign_in_gives_the_provider_its_key_and_its_budget(
    service: AuthorisationServer,
) -> None:
    budget = await sign_in("openrouter")
    assert str(budget) == "The key has $8.80 left of $10.00; it has used $1.20."
    provider = ask.session.providers.get_default()
    assert (provider.name, provider.models[0]) == ("openrouter", "openrouter/auto")
    assert provider.base_url == "https://openrouter.ai/api/v1"  # it is not for the proxy
    assert provider.secrets() == (service.keys[0],)
    found = await doctor()
    assert found.ok
    assert "$8.80 left" in str(found)
    assert service.keys[0] not in f"{found} {ask.session.config!r}"
    sign_out("openrouter")
    assert "has no API key" in (ask.session.providers.get_default().missing() or "")
    assert await ask.session.providers.get_default().find_budget() is None


async def test_a_sign_in_that_is_denied_changes_nothing(service: AuthorisationServer) -> None:
    service.allows = False
    before = ask.session.config
    with pytest.raises(AuthenticationError, match="not allowed there"):
        await sign_in()
    assert ask.session.config is before
    assert service.exchanged == []


async def test_there_is_one_service_to_sign_in_with() -> None:
    with pytest.raises(ConfigError, match="no sign-in with 'openai'"):
        await sign_in("openai")
    with pytest.raises(ConfigError, match="nothing to forget"):
        sign_out()
