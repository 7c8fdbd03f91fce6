"""The stand-in model server's error answers, key check, CORS and records."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from scripts.paths import ROOT
from tests.support.server.clients import chat, deltas, open_client
from tests.support.server.cors import Cors
from tests.support.server.errors import api_error
from tests.support.server.llm_server import SAMPLE, LLMServer
from tests.support.server.scenario import Answer, Fixed, empty_answer, html_error

PAGE = "http://page.test:8000"


@pytest.fixture
def client(llm_server: LLMServer) -> Iterator[httpx.Client]:
    with open_client(llm_server) as client:
        yield client


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, None),
        (401, None),
        (403, "unsupported_country_region_territory"),
        (404, "model_not_found"),
        (429, "rate_limit_exceeded"),
        (500, None),
        (503, None),
    ],
)
def test_errors_of_openai(
    llm_server: LLMServer, client: httpx.Client, status: int, code: str | None
) -> None:
    exchange = llm_server.enqueue(api_error(status))
    response = chat(client)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert set(error) == {"message", "type", "param", "code"}
    assert len(error["message"]) > 20
    assert exchange.wait_closed() == "completed"


def test_errors_with_retry_headers_and_words_of_ones_own(
    llm_server: LLMServer, client: httpx.Client
) -> None:
    llm_server.enqueue(api_error(429, retry_after="2", retry_after_ms="150"))
    llm_server.enqueue(api_error(429, code="insufficient_quota", headers=(("x-a", "b"),)))
    llm_server.enqueue(api_error(418, message="I am a teapot", param="n"))
    limited, quota, own = chat(client), chat(client), chat(client)
    assert (limited.headers["retry-after"], limited.headers["retry-after-ms"]) == ("2", "150")
    assert quota.json()["error"]["type"] == "insufficient_quota" and quota.headers["x-a"] == "b"
    assert (own.json()["error"]["message"], own.json()["error"]["param"]) == ("I am a teapot", "n")
    with pytest.raises(ValueError, match="give a message"):
        api_error(418)


def test_html_error_empty_answer_and_sse_with_a_status(
    llm_server: LLMServer, client: httpx.Client
) -> None:
    llm_server.enqueue(html_error(502))
    llm_server.enqueue(empty_answer())
    llm_server.enqueue(Fixed(500, b'data: {"error": "x"}\n\n', "text/event-stream"))
    llm_server.enqueue(Answer("a", content_type="text/plain"))
    page, empty, sse, plain = (chat(client) for _ in range(4))
    assert page.status_code == 502 and page.headers["content-type"].startswith("text/html")
    assert "<h1>502 Bad Gateway</h1>" in page.text
    assert (empty.status_code, empty.content) == (200, b"")
    assert (sse.status_code, sse.headers["content-type"]) == (500, "text/event-stream")
    assert plain.headers["content-type"] == "text/plain"
    assert plain.text.endswith("data: [DONE]\n\n")


def test_what_no_endpoint_takes(client: httpx.Client) -> None:
    unknown, broken = client.get("/v1/nothing"), client.post("/v1/chat/completions", content="{")
    assert unknown.json()["error"]["message"] == "Invalid URL (GET /v1/nothing)"
    assert (unknown.status_code, broken.status_code) == (404, 400)


def test_key_check(llm_server: LLMServer, client: httpx.Client) -> None:
    llm_server.api_key = "sk-right-0123456789"
    queued = llm_server.enqueue(Answer())
    missing, basic = chat(client), client.get("/v1/models", headers={"Authorization": "Basic x"})
    wrong = client.get("/v1/models", headers={"Authorization": "Bearer sk-wrong-0123456789"})
    assert [r.status_code for r in (missing, basic, wrong)] == [401, 401, 401]
    assert missing.json()["error"]["message"].startswith("You didn't provide an API key.")
    assert wrong.json()["error"]["code"] == "invalid_api_key"
    assert "provided: sk-wrong*******6789." in wrong.json()["error"]["message"]
    assert not queued.started
    client.headers["Authorization"] = f"Bearer {llm_server.api_key}"
    assert chat(client).status_code == 200 and queued.started


def preflight(client: httpx.Client, **headers: str) -> httpx.Response:
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "POST"} | headers
    return client.options("/v1/chat/completions", headers=asked)


def test_cors_is_granted(llm_server: LLMServer, client: httpx.Client) -> None:
    before = preflight(client, **{"Access-Control-Request-Private-Network": "true"})
    answer = client.get("/v1/models", headers={"Origin": PAGE})
    assert before.status_code == 204
    assert before.headers["access-control-allow-headers"] == "Authorization, Content-Type"
    assert "POST" in before.headers["access-control-allow-methods"]
    assert before.headers["access-control-allow-private-network"] == "true"
    assert "access-control-allow-local-network" not in before.headers
    for response in (before, answer):
        assert response.headers["access-control-allow-origin"] == PAGE
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "x-request-id" in answer.headers["access-control-expose-headers"]
    assert answer.headers["x-request-id"] == "req_1"
    assert [r.method for r in llm_server.preflights] == ["OPTIONS"]
    assert [r.method for r in llm_server.requests] == ["GET"]


def test_cors_off_or_off_for_errors(llm_server: LLMServer, client: httpx.Client) -> None:
    client.headers["Origin"] = PAGE
    llm_server.cors = Cors(on_errors=False)
    llm_server.enqueue(api_error(500))
    assert "access-control-allow-origin" not in chat(client).headers
    assert chat(client).headers["access-control-allow-origin"] == PAGE
    assert preflight(client).status_code == 204
    llm_server.cors = Cors(enabled=False)
    for response in (chat(client), preflight(client)):
        assert not [name for name in response.headers if name.startswith("access-control")]
    assert response.status_code == 405


def test_requests_are_recorded(llm_server: LLMServer, client: httpx.Client) -> None:
    chat(client, "/base/v1/chat/completions", messages=[{"role": "user", "content": "é"}])
    preflight(client)
    client.get("/v1/models", headers={"X-Own": "1"})
    first, second = llm_server.wait_requests(2)
    assert (first.method, first.path) == ("POST", "/base/v1/chat/completions")
    assert first.json["messages"] == [{"role": "user", "content": "é"}]
    assert json.loads(first.body) == first.json and second.json is None
    assert second.headers["x-own"] == "1"
    assert (first.number, second.number) == (0, 2) and first.at < second.at
    with pytest.raises(TimeoutError, match=r"2 of 3 requests"):
        llm_server.wait_requests(3, timeout=0.01)


def test_stop_and_start_again_on_the_same_port() -> None:
    server = LLMServer().start()
    url = f"{server.base_url}/models"
    server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)
    with server:
        assert httpx.get(url, trust_env=False).status_code == 200
        late = LLMServer(port=server.port)
        with pytest.raises(OSError, match="in use"):
            late.start()
        late.stop()


def test_it_runs_by_hand() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.support.server.llm_server",
        "--port",
        "0",
        "--rate",
        "5000",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            url = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert url is not None, line
            with httpx.Client(base_url=url[0], trust_env=False) as client:
                text = "".join(delta.get("content", "") for delta in deltas(chat(client).text))
        finally:
            process.terminate()
    assert text == SAMPLE.read_text("utf-8")
    assert "\n|---|" in text and "\n```python\n" in text
