"""The doctor in a browser: it distinguishes failures that fetch reports alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_pyodide import run_in_pyodide
from pytest_pyodide.config import get_global_config
from pytest_pyodide.runner import SeleniumChromeRunner

from tests.support.server.cors import Cors
from tests.support.server.llm_server import LLMServer

Steps = dict[str, list[str]]


@run_in_pyodide
async def diagnose(selenium: Any, kind: str, settings: dict[str, Any]) -> Steps:
    """Each step's outcome, what was found, and the fix."""
    from runt_pyodide import AIConfig, ProviderRegistry, doctor
    from runt_pyodide.llm.transport.pyfetch import PyfetchTransport

    config = AIConfig.read({"providers": {kind: settings}})
    provider = ProviderRegistry.from_config(config, PyfetchTransport()).require(kind)
    diagnosis = await doctor(provider)
    return {step.name: [step.outcome, step.found, step.fix] for step in diagnosis.steps}


def failed(steps: Steps) -> tuple[str, str, str]:
    """The step that failed, what was found, and the fix."""
    found = [
        (name, said, fix) for name, (outcome, said, fix) in steps.items() if outcome == "failed"
    ]
    assert len(found) == 1, steps
    return found[0]


def address(server: LLMServer, kind: str) -> str:
    return server.origin if kind == "ollama" else server.base_url


@pytest.fixture(params=["openai", "ollama"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_all_is_well(selenium_runt: Any, llm_server: LLMServer, kind: str) -> None:
    llm_server.api_key = "k-1"
    settings = {"baseUrl": address(llm_server, kind), "apiKey": "k-1", "model": "gpt-4o"}
    steps = diagnose(selenium_runt, kind, settings)
    assert {outcome for outcome, _, _ in steps.values()} == {"ok"}
    # Only a provider that cannot tell otherwise asks the model, and breaks off.
    assert len(llm_server.exchanges) == (kind == "openai")


def test_cors_off(selenium_runt: Any, llm_server: LLMServer, kind: str) -> None:
    llm_server.cors = Cors(enabled=False)
    steps = diagnose(selenium_runt, kind, {"baseUrl": address(llm_server, kind)})
    origin = selenium_runt.run_js("return location.origin")
    name, _, fix = failed(steps)
    assert name == "CORS"
    assert (f'OLLAMA_ORIGINS="{origin}"' if kind == "ollama" else f"the origin {origin}") in fix
    assert steps["reachable"][0] == "ok"


def test_headers_that_the_server_does_not_allow(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.cors = Cors(allow_headers=("Content-Type",))
    settings = {"baseUrl": llm_server.base_url, "apiKey": "k-1"}
    name, found, _ = failed(diagnose(selenium_runt, "openai", settings))
    assert (name, "CORS" in found) == ("CORS", True)


def test_a_wrong_path(selenium_runt: Any, llm_server: LLMServer) -> None:
    llm_server.root = "/openai/v1"
    settings = {"baseUrl": f"{llm_server.origin}/wrong"}
    name, _, fix = failed(diagnose(selenium_runt, "openai", settings))
    assert (name, f"{llm_server.origin}/openai/v1 " in fix) == ("path", True)


def test_a_wrong_path_of_ollama(selenium_runt: Any, llm_server: LLMServer) -> None:
    settings = {"baseUrl": f"{llm_server.origin}/wrong"}
    name, _, fix = failed(diagnose(selenium_runt, "ollama", settings))
    assert (name, f"to {llm_server.origin} " in fix) == ("path", True)


def test_a_wrong_key(selenium_runt: Any, llm_server: LLMServer, kind: str) -> None:
    llm_server.api_key = "right"
    settings = {"baseUrl": address(llm_server, kind), "apiKey": "wrong"}
    steps = diagnose(selenium_runt, kind, settings)
    assert failed(steps)[0] == "key"
    assert steps["path"][0] == "ok"


def test_a_missing_model(selenium_runt: Any, llm_server: LLMServer, kind: str) -> None:
    llm_server.missing.add("gone")
    settings = {"baseUrl": address(llm_server, kind), "model": "gone"}
    name, _, fix = failed(diagnose(selenium_runt, kind, settings))
    assert name == "model"
    assert "gpt-4o" in fix
    assert ("`ollama pull gone`" in fix) == (kind == "ollama")


def test_no_server(selenium_runt: Any, llm_server: LLMServer, kind: str) -> None:
    llm_server.stop()
    steps = diagnose(selenium_runt, kind, {"baseUrl": address(llm_server, kind)})
    name, found, fix = failed(steps)
    assert (name, llm_server.origin in found) == ("reachable", True)
    assert ("`ollama serve`" in fix) == (kind == "ollama")


def test_offline(selenium_runt: Any) -> None:
    selenium_runt.run_js(
        "Object.defineProperty(navigator, 'onLine', {value: false, configurable: true})"
    )
    try:
        steps = diagnose(selenium_runt, "openai", {"baseUrl": "http://192.0.2.1/v1"})
    finally:
        selenium_runt.run_js("delete navigator.onLine")
    assert failed(steps)[0] == "online"


@pytest.fixture
def public_page(request: pytest.FixtureRequest, web_server_main: Any) -> Iterator[Any]:
    """As `selenium_runt`, in a page that came by http from a host with a public address."""
    _, port, log = web_server_main
    config = get_global_config()
    flags = config.get_flags("chrome")
    kept = [flag for flag in flags if not flag.startswith("--host-resolver-rules")]
    public = [
        "--host-resolver-rules=MAP notebooks.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--ip-address-space-overrides=127.0.0.1:{port}=public",
    ]
    config.set_flags("chrome", kept + public)
    dist = Path(request.config.getoption("--dist-dir")).resolve()
    try:
        runner = SeleniumChromeRunner(port, "notebooks.test", log, dist_dir=dist)
    finally:
        config.set_flags("chrome", flags)
    try:
        runner.load_package(["runt-pyodide"])
        yield runner
    finally:
        runner.quit()


def test_the_local_network_is_closed_to_the_page(public_page: Any, llm_server: LLMServer) -> None:
    steps = diagnose(public_page, "ollama", {"baseUrl": llm_server.origin})
    name, found, fix = failed(steps)
    assert (name, llm_server.origin in found) == ("local network access", True)
    assert "by https" in fix
    assert steps["reachable"][0] == "skipped"
    assert llm_server.requests == []
