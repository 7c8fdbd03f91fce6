"""What services say when they refuse, as exceptions."""

from __future__ import annotations

import json

import pytest

from runt_pyodide import errors
from runt_pyodide.llm.redaction import Redactor
from runt_pyodide.llm.service_errors import error_of_status, redact


def body(message: str, **fields: str) -> bytes:
    return json.dumps({"error": {"message": message, **fields}}).encode()


CASES = [
    (400, body("bad", type="invalid_request_error"), errors.BadRequestError),
    (400, body("long", code="context_length_exceeded"), errors.ContextLengthError),
    (400, body("long", type="exceed_context_size_error"), errors.ContextLengthError),
    (401, body("no"), errors.AuthenticationError),
    (403, body("no"), errors.PermissionDeniedError),
    (404, body("The model `x` does not exist", code="model_not_found"), errors.ModelNotFoundError),
    (404, b"<html><head><title>404 Not Found</title></head></html>", errors.ModelNotFoundError),
    (409, b"", errors.BadRequestError),
    (429, body("slow down"), errors.RateLimitError),
    (429, body("pay", code="insufficient_quota"), errors.QuotaExceededError),
    (500, b'data: {"error": {"message": "broken"}}\n\n', errors.ServerError),
    (503, b'{"error": "loading model"}', errors.OverloadedError),
    (529, b"", errors.OverloadedError),
    (302, b"", errors.ProtocolError),
]


@pytest.mark.parametrize(("status", "said", "kind"), CASES)
def test_status_and_code_decide(status: int, said: bytes, kind: type[Exception]) -> None:
    error = error_of_status(status, {}, said)
    assert type(error) is kind
    assert error.status == status
    assert error.advice


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (body("The key is bad."), "The service answered with HTTP 400: The key is bad."),
        (b'{"detail": "Not here"}', "The service answered with HTTP 400: Not here"),
        (b'data: {"error": "broken"}', "The service answered with HTTP 400: broken"),
        (b"<html><title>Bad\nGateway</title>x", "The service answered with HTTP 400: Bad Gateway"),
        (b"plain <b>words</b>", "The service answered with HTTP 400: plain words"),
        (b"", "The service answered with HTTP 400, and said nothing more."),
        (b'{"odd": 1}', 'The service answered with HTTP 400: {"odd": 1}'),
        (b"\xff", "The service answered with HTTP 400: \ufffd"),
    ],
)
def test_the_message_is_the_service_s(said: bytes, message: str) -> None:
    assert error_of_status(400, {}, said).message == message


def test_advice_follows_as_a_sentence() -> None:
    error = error_of_status(429, {}, body("slow down"))
    assert str(error) == (
        "The service answered with HTTP 429: slow down. Wait a moment, then run the cell again."
    )


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_and_the_request_id_are_read(headers: dict[str, str], wait: float | None) -> None:
    error = error_of_status(429, {**headers, "x-request-id": "req-1"}, b"")
    assert (error.retry_after, error.request_id) == (wait, "req-1")


def test_a_key_is_taken_out() -> None:
    error = redact(error_of_status(401, {}, body("Bad key: sk-1")), Redactor(["sk-1"]))
    assert "sk-1" not in f"{error} {error.message} {error.args} {error!r}"
    assert "[key]" in str(error)


def test_a_long_message_is_trimmed() -> None:
    error = redact(error_of_status(500, {}, b"x" * 100_000), Redactor())
    assert 500 < len(error.message) < 700
    assert str(error).startswith(f"{error.message} ")


def test_no_half_of_a_key_is_left_by_the_trimming() -> None:
    key = "correct-horse-battery-staple"
    for filler in range(500, 650):
        said = error_of_status(500, {}, f"{'x' * filler} {key} and more".encode())
        shown = redact(said, Redactor([key])).message
        assert not any(key[:length] in shown for length in range(3, len(key))), shown
