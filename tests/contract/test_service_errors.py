"""Errors in everybody's words and shapes: the reason is told, and its kind decides what follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from runt_pyodide.llm.transport.scripted import Scripted
from tests.support.services.answers import told
from tests.support.services.checks import check
from tests.support.services.run import Outcome
from tests.support.services.setups import meet
from tests.support.services.streams import SSE, chunk, events

WHY = "The frobnicator is jammed"
Shape = Callable[[Any, int], Any]

# The shapes of an error: made of what it says and a status.
SHAPES: dict[str, Shape] = {
    "OpenAI": lambda why, n: {"error": {"message": why, "type": "x", "param": None, "code": None}},
    "a code that is a number": lambda why, n: {"error": {"message": why, "code": n}},
    "a code that is text": lambda why, n: {"error": {"message": why, "code": str(n)}},
    "text": lambda why, n: {"error": why},
    "text and a code": lambda why, n: {"code": "Some words", "error": why},
    "a list": lambda why, n: [{"error": {"code": n, "message": why, "status": "UNKNOWN"}}],
    "vLLM": lambda why, n: {"object": "error", "message": why, "type": "E", "code": n},
    "Anthropic": lambda why, n: {"type": "error", "error": {"type": "x", "message": why}},
    "code and message": lambda why, n: {"code": 20015, "message": why, "data": None},
    "detail": lambda why, n: {"detail": why},
    "details of FastAPI": lambda why, n: {"detail": [{"loc": ["body", "x"], "msg": why}]},
    "a detail that is an object": lambda why, n: {"detail": {"message": why}},
    "errors": lambda why, n: {"errors": [why]},
    "errors by name": lambda why, n: {"errors": {"model": [why]}},
    "a cause": lambda why, n: {"error": {"message": "It failed", "cause": {"message": why}}},
    "Apigee": lambda why, n: {"fault": {"faultstring": why, "detail": {"errorcode": "x"}}},
    "errors that are objects": lambda why, n: {"errors": [{"message": why, "code": 7003}]},
    "MiniMax": lambda why, n: {"base_resp": {"status_code": 2013, "status_msg": why}},
    "OpenRouter": lambda why, n: {
        "error": {
            "message": "Provider returned error",
            "code": n,
            "metadata": {"raw": json.dumps({"error": {"message": why}}), "provider_name": "X"},
        }
    },
    "OpenRouter, raw text": lambda why, n: {
        "error": {"message": "Provider returned error", "code": n, "metadata": {"raw": why}}
    },
    "OpenRouter, a raw object": lambda why, n: {
        "error": {"message": "Provider returned error", "metadata": {"raw": {"error": why}}}
    },
    "an error within": lambda why, n: {"error": {"error": {"message": why}}},
    "JSON within": lambda why, n: {"error": {"message": json.dumps({"error": {"message": why}})}},
    "message alone": lambda why, n: {"message": why},
    "msg": lambda why, n: {"code": n, "msg": why},
    "success false": lambda why, n: {"success": False, "message": why},
}
KINDS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    402: "QuotaExceededError",
    403: "PermissionDeniedError",
    404: "ModelNotFoundError",
    422: "BadRequestError",
    429: "RateLimitError",
    500: "ServerError",
    502: "ServerError",
    503: "OverloadedError",
    529: "OverloadedError",
}


def shapes() -> list[Any]:
    return [pytest.param(shape, id=name) for name, shape in SHAPES.items()]


async def fail(*answers: Scripted, kind: str = "chat") -> Outcome:
    found = await meet({"answers": answers, "repeats": True, "kind": kind})
    assert isinstance(found, Outcome)
    return found


@pytest.mark.parametrize("shape", shapes())
async def test_the_reason_in_any_shape_under_any_status(shape: Shape) -> None:
    for status, error in KINDS.items():
        found = await fail(told(shape(WHY, status), status))
        expected = {"error": error, "says": WHY, "says_not": [r"[{}\[\]]", "'message'"]}
        assert (status, check(found, expected)) == (status, [])


@pytest.mark.parametrize("shape", shapes())
@pytest.mark.parametrize("content_type", ["application/json", "text/event-stream", None])
async def test_the_reason_under_a_status_of_success(shape: Shape, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    found = await fail(Scripted(200, headers, [json.dumps(shape(WHY, 500)).encode()]))
    assert check(found, {"error": "ProviderError", "says": WHY, "says_not": r"[{}\[\]]"}) == []


@pytest.mark.parametrize("shape", shapes())
@pytest.mark.parametrize("name", ["", "error"])
@pytest.mark.parametrize("kind", ["chat", "responses"])
async def test_the_reason_in_a_stream_before_any_text(shape: Shape, name: str, kind: str) -> None:
    event = f"event: {name}\n" if name else ""
    body = f"{event}data: {json.dumps(shape(WHY, 500))}\n\n"
    found = await fail(Scripted(200, SSE, [body.encode()]), kind=kind)
    assert check(found, {"error": "ProviderError", "says": WHY, "says_not": r"[{}\[\]]"}) == []


@pytest.mark.parametrize("shape", shapes())
@pytest.mark.parametrize("done", [True, False])
async def test_the_reason_in_a_stream_after_some_text(shape: Shape, done: bool) -> None:
    body = events([chunk({"content": "Half"}), shape(WHY, 500)], done)
    found = await fail(Scripted(200, SSE, [body]))
    expected = {"error": "ProviderError", "says": WHY, "said": "Half", "asked": 1}
    assert check(found, expected) == []


CODES: dict[str, tuple[Any, str, int]] = {
    "401": (401, "AuthenticationError", 1),
    "402": (402, "QuotaExceededError", 1),
    "429": (429, "RateLimitError", 3),
    "429 as text": ("429", "RateLimitError", 3),
    "500": (500, "ServerError", 3),
    "502": (502, "ServerError", 3),
    "503": (503, "OverloadedError", 3),
    "529": (529, "OverloadedError", 3),
    "rate_limit_exceeded": ("rate_limit_exceeded", "RateLimitError", 3),
    "insufficient_quota": ("insufficient_quota", "QuotaExceededError", 1),
    "invalid_api_key": ("invalid_api_key", "AuthenticationError", 1),
    "server_error": ("server_error", "ServerError", 3),
    "overloaded_error": ("overloaded_error", "OverloadedError", 3),
    "model_not_found": ("model_not_found", "ModelNotFoundError", 1),
    "content_filter": ("content_filter", "ContentFilterError", 1),
    "tool_use_failed": ("tool_use_failed", "ModelSlipError", 2),
}


@pytest.mark.parametrize(
    ("code", "error", "asked"), [pytest.param(*one, id=name) for name, one in CODES.items()]
)
async def test_an_error_in_the_stream_counts_as_its_status_would(
    code: Any, error: str, asked: int
) -> None:
    record = {"error": {"message": WHY, "code": code}}
    found = await fail(Scripted(200, SSE, [events([record], done=False)]))
    assert check(found, {"error": error, "says": WHY, "asked": asked}) == []


# The wait that a service asks for, in its words: the body, the headers, the seconds.
WAITS: dict[str, tuple[Any, dict[str, str], float]] = {
    "in 6s": ("Please try again in 6s.", {}, 6),
    "in 1.2s": ("Please try again in 1.2s. Visit https://x", {}, 1.2),
    "in 350ms": ("Please try again in 350ms.", {}, 0.35),
    "in 1m2.5s": ("Please try again in 1m2.5s.", {}, 62.5),
    "retry in": ("Please retry in 22.1s.", {}, 22.1),
    "after 30 seconds": ("Please retry after 30 seconds.", {}, 30),
    "in 20 seconds": ("Please wait and try again in 20 seconds.", {}, 20),
    "RetryInfo": (
        [{"error": {"message": "x", "details": [{"@type": "x/RetryInfo", "retryDelay": "22s"}]}}],
        {},
        22,
    ),
    "RetryInfo with a fraction": (
        {"error": {"message": "x", "details": [{"retryDelay": "1.5s"}]}},
        {},
        1.5,
    ),
    "retry-after": ("x", {"retry-after": "7"}, 7),
    "retry-after-ms": ("x", {"retry-after-ms": "1500"}, 1.5),
    "a header before the body": ("Please try again in 6s.", {"retry-after": "7"}, 7),
}


@pytest.mark.parametrize(
    ("said", "headers", "seconds"),
    [pytest.param(*one, id=name) for name, one in WAITS.items()],
)
async def test_the_wait_that_is_asked_for(
    said: Any, headers: dict[str, str], seconds: float
) -> None:
    body = {"error": {"message": said, "code": "rate_limit_exceeded"}}
    refusal = told(body if isinstance(said, str) else said, 429)
    answer = Scripted(429, {**refusal.headers, **headers}, refusal.pieces)
    found = await meet({"answers": [answer]})
    assert isinstance(found, Outcome)
    assert check(found, {"text": "ok", "asked": 2}) == []
    assert found.waits == pytest.approx([seconds])


async def test_a_wait_until_a_time_of_day() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    found = await meet({"answers": [Scripted(429, {"retry-after": later}, [b"{}"])]})
    assert isinstance(found, Outcome)
    assert check(found, {"text": "ok"}) == []
    assert 30 <= found.waits[0] <= 41


async def test_nobody_waits_for_an_hour() -> None:
    body = {"error": {"message": "Please try again in 1h3m5s.", "code": "rate_limit_exceeded"}}
    found = await fail(told(body, 429))
    assert check(found, {"error": "RateLimitError", "asked": 1, "waits": []}) == []
