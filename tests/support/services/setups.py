"""The ways to meet a service: each takes a case's set-up and returns what came of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from runt_pyodide.ai.tools.function import FunctionTool
from runt_pyodide.config import AIConfig
from runt_pyodide.errors import ConfigError
from runt_pyodide.llm.messages import ChatRequest, Message
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.services.answers import cut, read, told
from tests.support.services.run import Cells, Outcome
from tests.support.services.service import Refusal, Service

Setup = Mapping[str, Any]
Found = Outcome | dict[str, Any]

HOST = "http://host/v1"
LONG = "# " + "how it came about, and what was done about it then; " * 200
_PROVIDERS: dict[str, dict[str, Any]] = {
    "chat": {"type": "openai", "base_url": HOST, "api_key": "sk-secret", "api": "chat"},
    "responses": {"type": "openai", "base_url": HOST, "api_key": "sk-secret", "api": "responses"},
    "ollama": {"type": "ollama", "base_url": "http://host:11434"},
}
# What Ollama tells of a model that can call tools.
_SHOWN = {"capabilities": ["completion", "tools"], "model_info": {"llama.context_length": 8192}}


async def run_cells(setup: Setup) -> Outcome:
    """Run a cell, or several, one below the other: ``prompts``, each with what `Cells.ask` takes,
    and ``above``, the code cells above it, or their number. Its provider is of the ``kind``, with
    ``settings``, or one of ``providers``."""
    cells = Cells(make_service(setup), make_config(setup))
    for prompt in setup.get("prompts", [{}]):
        asked = {"prompt": "What is the weather in Rome?", **prompt}
        for source in asked.pop("above", ()):
            cells.write(source.replace("LONG", LONG))
        await cells.ask(**asked)
        if cells.outcome.error is not None:
            break
    return cells.outcome


async def list_models(setup: Setup) -> dict[str, Any]:
    """List the models of a provider."""
    provider, _ = make_provider(setup)
    return {"models": [model.name for model in await provider.get_available_models()]}


async def reach(setup: Setup) -> dict[str, Any]:
    """Send one request, and return where and with which headers it went; or the ConfigError that
    kept it from being sent."""
    try:
        provider, service = make_provider(setup)
        model = setup.get("settings", {}).get("model", "m")
        await provider.execute_prompt(ChatRequest((Message("user", "hi"),), model))
    except ConfigError as error:
        return {"refused": str(error)}
    request = service.chats[-1]
    headers = {name.lower(): value for name, value in request.headers.items()}
    return {"url": request.url, "headers": headers}


async def declare_tool(setup: Setup) -> dict[str, Any]:
    """Make a function of this name a tool, and return the name that goes out, or the error."""

    def function(x: int) -> int:
        """Does something."""
        return x

    function.__name__ = setup["name"]
    try:
        return {"name": FunctionTool(function).spec.name}
    except TypeError as error:
        return {"refused": str(error)}


SETUPS: dict[str, Callable[[Setup], Awaitable[Found]]] = {
    **dict.fromkeys(_PROVIDERS, run_cells),
    "models": list_models,
    "reach": reach,
    "tool": declare_tool,
}


async def meet(setup: Setup) -> Found:
    """Meet the service as the set-up says."""
    return await SETUPS[setup.get("kind", "chat")](setup)


def make_service(setup: Setup) -> Service:
    """Return the service of a set-up. ``refuses`` names the rules whose breach is answered with the
    first of the answers; ``piece`` is the size in bytes of the pieces in which answers come;
    ``event`` is the size of an event's text, made here since it is long."""
    piece = setup.get("piece")
    answers = [read(one, piece) for one in setup.get("answers", ())]
    if "event" in setup:
        answers.append(_make_event(setup["event"], piece))
    refusals = [
        Refusal(rule, read(one), setup.get("host", ""))
        for rule, one in setup.get("refuses", {}).items()
    ]
    more = {"models": read(setup["listed"])} if "listed" in setup else {}
    shown = setup.get("shown", _SHOWN)
    return Service(
        answers,
        refusals,
        setup.get("text", "ok"),
        repeats=setup.get("repeats", False),
        shown=told(shown) if isinstance(shown, dict) else read(shown),
        **more,
    )


def make_config(setup: Setup) -> dict[str, Any]:
    """Return the configuration: one provider of the kind, or those that are named."""
    named = setup.get("providers", {"asked": {}})
    kind = setup.get("provider", setup.get("kind", "chat"))
    providers = {
        name: _read_settings({**setup.get("settings", {}), **own}, kind)
        for name, own in named.items()
    }
    config = {"providers": providers, "default_provider": next(iter(named))}
    return config | {"fallback": setup.get("fallback", [])}


def make_provider(setup: Setup) -> tuple[AIProvider, Service]:
    service = make_service(setup)
    config = AIConfig.read(make_config(setup))
    return ProviderRegistry.from_config(config, service).get_default(), service


def _read_settings(own: Mapping[str, Any], kind: str) -> dict[str, Any]:
    settings = dict(_PROVIDERS[own.get("kind", kind)])
    if {"preset", "base_url"} & {*own}:
        settings.pop("base_url")
        settings.pop("api", None)
    given = {name: value for name, value in own.items() if name != "kind"}
    return {"model": "m", **settings, **given}


def _make_event(size: int, piece: int | None) -> Scripted:
    chunk = {"choices": [{"index": 0, "delta": {"content": "x" * size}, "finish_reason": "stop"}]}
    body = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode()
    return Scripted(200, {"content-type": "text/event-stream"}, cut(body, piece))
