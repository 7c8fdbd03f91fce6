"""A proxy passes on everything that a provider can be asked."""

from __future__ import annotations

import inspect
from typing import Any

from runt_pyodide.llm.cassette.proxy import ProxyProvider
from runt_pyodide.llm.provider import AIProvider
from runt_pyodide.llm.test.provider import TestProvider

# What is made of the rest, what the registry tells a new provider, and an earlier name.
NOT_PASSED_ON = {"execute_prompt", "adopt", "neighbours"}


def test_nothing_that_a_provider_can_be_asked_is_answered_by_the_proxy_itself() -> None:
    public = {name for name, _ in inspect.getmembers(AIProvider) if not name.startswith("_")}
    facts = {*AIProvider.__annotations__}
    own = {*vars(ProxyProvider), *vars(ProxyProvider(TestProvider()))}
    assert public | facts == (own & (public | facts)) | NOT_PASSED_ON


def test_each_call_reaches_the_other_with_its_arguments() -> None:
    class Noting(TestProvider):
        def __getattribute__(self, name: str) -> Any:
            called.append(name)
            return super().__getattribute__(name)

    called: list[str] = []
    proxy = ProxyProvider(Noting())
    proxy.supports_tools("m")
    proxy.origin("m")
    proxy.secrets()
    assert {"supports_tools", "origin", "secrets"} <= {*called}
    assert proxy.origin("m") == TestProvider().origin("m")
