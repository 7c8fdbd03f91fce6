"""The stand-in server as Ollama: its models, and its errors as Ollama words them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.server.clients import open_client
from tests.support.server.llm_server import LLMServer


@pytest.fixture
def client(llm_server: LLMServer) -> Iterator[httpx.Client]:
    with open_client(llm_server) as opened:
        yield opened


def test_a_model_is_described(llm_server: LLMServer, client: httpx.Client) -> None:
    llm_server.shown["blind"] = {"capabilities": ["completion"]}
    usual = client.post("/api/show", json={"model": "any"}).json()
    assert usual["capabilities"] == ["completion", "tools"]
    assert usual["model_info"]["llama.context_length"] == 131072
    blind = client.post("/api/show", json={"model": "blind"}).json()
    assert (blind["capabilities"], blind["details"]) == (["completion"], usual["details"])


@pytest.mark.parametrize("path", ["/api/show", "/api/chat"])
def test_a_missing_model(llm_server: LLMServer, client: httpx.Client, path: str) -> None:
    llm_server.missing.add("gone")
    answer = client.post(path, json={"model": "gone", "messages": []})
    assert (answer.status_code, answer.json()) == (404, {"error": "model 'gone' not found"})
    assert llm_server.exchanges == []


def test_a_missing_model_in_openai_s_words(llm_server: LLMServer, client: httpx.Client) -> None:
    llm_server.missing.add("gone")
    answer = client.post("/v1/chat/completions", json={"model": "gone", "messages": []})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")


def test_a_path_that_is_not_there(llm_server: LLMServer, client: httpx.Client) -> None:
    answer = client.get("/api/nothing")
    assert (answer.status_code, answer.text) == (404, "404 page not found")
    llm_server.root = "/v1"
    assert [client.get(path).status_code for path in ("/v1/models", "/models")] == [200, 404]
    assert client.get("/api/tags").status_code == 200
