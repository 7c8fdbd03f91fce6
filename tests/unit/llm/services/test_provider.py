"""What the providers of services have in common, with each of them."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.config import AIConfig
from runt_pyodide.errors import ModelNotFoundError, NetworkError, ProviderError
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.registry import ProviderRegistry
from runt_pyodide.llm.services.known import SERVICES
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.services.answers import told

pytestmark = pytest.mark.parametrize("kind", SERVICES)
LISTED = {
    "anthropic": {"data": [{"id": "m"}, {"id": "n"}]},
    "gemini": {"models": [{"name": "models/m"}, {"name": "models/n"}]},
}


def listed(kind: str) -> Scripted:
    return told(LISTED[kind])


def open_provider(
    kind: str, *answers: Scripted | ProviderError, before: Any = None, **settings: Any
) -> tuple[AIProvider, ScriptedTransport, ProviderRegistry]:
    transport = before[1] if before else ScriptedTransport(answers)
    own = {"type": kind, "api_key": "sk-secret", **settings}
    config = AIConfig.read({"providers": {"asked": own}})
    registry = ProviderRegistry.from_config(config, transport, before and before[2])
    return registry.require("asked"), transport, registry


async def test_the_list_is_asked_for_once_and_remembered(kind: str) -> None:
    provider, transport, _ = open_provider(kind, listed(kind))
    assert provider.supports_tools("m") is not False
    await provider.look_up("m")
    await provider.look_up("n")
    assert len(transport.requests) == 1
    about = await provider.describe_model("m")
    assert about is not None and about.provider == "asked"


async def test_a_setting_decides_what_models_can_do(kind: str) -> None:
    provider, _, _ = open_provider(kind, listed(kind), vision=True, tools=False)
    assert not provider.supports_tools("m")
    for model in await provider.list_models():
        assert "vision" in model.capabilities
        assert "tools" not in model.capabilities


async def test_a_list_that_cannot_be_had_is_replaced_by_what_is_known(kind: str) -> None:
    provider, _, _ = open_provider(kind, NetworkError("No answer."), model="own")
    names = [model.name for model in await provider.get_available_models()]
    assert names == ["own", *SERVICES[kind].models]


async def test_what_was_learnt_is_taken_over_with_another_default_model(kind: str) -> None:
    first = open_provider(kind, listed(kind))
    await first[0].list_models()
    second, transport, _ = open_provider(kind, before=first, model="n")
    await second.look_up("m")
    assert len(transport.requests) == 1
    assert second is not first[0]


async def test_a_header_of_one_s_own_replaces_the_service_s(kind: str) -> None:
    provider, transport, _ = open_provider(kind, listed(kind), headers={"ANTHROPIC-VERSION": "2"})
    await provider.list_models()
    sent = transport.requests[0].headers
    versions = [value for name, value in sent.items() if name.lower() == "anthropic-version"]
    assert versions == ["2"]


async def test_a_model_is_checked_without_asking_it(kind: str) -> None:
    gone = told({"error": {"message": "model: x", "type": "not_found_error"}}, 404)
    provider, transport, _ = open_provider(kind, gone)
    with pytest.raises(ModelNotFoundError):
        await provider.check_model("x y")
    assert transport.requests[0].method == "GET"
    assert transport.requests[0].url.endswith("/models/x%20y")


def test_the_service_s_own_address_and_another(kind: str) -> None:
    provider, _, _ = open_provider(kind, api_key=None)
    assert provider.service == kind
    assert SERVICES[kind].key_from in (provider.missing() or "")
    assert SERVICES[kind].title in provider.describe_cors()
    other = provider.elsewhere("http://localhost:1234")
    assert (other.service, other.missing(), other.describe_cors()) == (None, None, "")
    assert other.models == ()
    assert not other.secrets()


async def test_an_answer_that_a_page_may_not_read_is_explained(kind: str) -> None:
    error = NetworkError("No answer from the server.")
    error.may_be_cors = True
    provider, _, _ = open_provider(kind, error)
    with pytest.raises(NetworkError) as raised:
        await provider.list_models()
    assert SERVICES[kind].title in raised.value.advice
