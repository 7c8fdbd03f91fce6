"""What services say when they refuse, as exceptions."""

from __future__ import annotations

import json

import pytest

from runt_pyodide import errors
from runt_pyodide.llm.redaction import Redactor
from runt_pyodide.llm.service_errors import (
    error_of_complaint,
    error_of_status,
    read_complaint,
    redact,
)


def body(message: str, **fields: str) -> bytes:
    return json.dumps({"error": {"message": message, **fields}}).encode()


CASES: list[tuple[int, bytes, type[errors.ProviderError]]] = [
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
        ({"x-ratelimit-reset-requests": "6s"}, 6.0),
        ({}, None),
    ],
)
def test_the_wait_and_the_request_id_are_read(headers: dict[str, str], wait: float | None) -> None:
    error = error_of_status(429, {**headers, "x-request-id": "req-1"}, b"")
    assert (error.retry_after, error.request_id) == (wait, "req-1")


def test_when_limits_are_reset_says_nothing_of_other_errors() -> None:
    headers = {"x-ratelimit-reset-requests": "1h"}
    assert error_of_status(500, headers, b"").retry_after is None
    assert error_of_status(429, headers, b"").retry_after == 3600


def test_a_key_is_taken_out() -> None:
    error = redact(error_of_status(401, {}, body("Bad key: sk-1")), Redactor(["sk-1"]))
    assert "sk-1" not in f"{error} {error.message} {error.args} {error!r}"
    assert "[key]" in str(error)


def test_a_key_is_taken_out_of_all_that_is_told() -> None:
    said = {"error": {"message": "x", "param": "sk-1", "request_id": "req-sk-1"}}
    for headers in ({}, {"x-request-id": "of sk-1"}):
        error = redact(error_of_status(400, headers, json.dumps(said).encode()), Redactor(["sk-1"]))
        assert isinstance(error, errors.BadRequestError)
        error = redact(error, Redactor(["sk-1"]))
        assert "sk-1" not in f"{vars(error)}"
        assert (error.param, (error.request_id or "")[-5:]) == ("[key]", "[key]")


def test_no_half_of_a_key_is_left_where_a_body_is_cut() -> None:
    key = "correct-horse-battery-staple"
    for filler in range((1 << 18) - 60, 1 << 18):
        body = b'{"pad": "%s", "message": "of %s"}' % (b"x" * filler, key.encode())
        shown = redact(error_of_status(500, {}, body), Redactor([key])).message[-80:]
        assert not any(key[:length] in shown for length in range(3, len(key))), shown


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_without_what_may_be_a_key(status: int) -> None:
    headers = {"location": "https://other.example/v1?key=sk-1"}
    error = error_of_status(status, headers, b"<title>Moved</title>")
    assert type(error) is errors.ProtocolError
    assert "a redirect to https://other.example/v1, which is not followed" in error.message
    assert "Set the base URL" in error.advice
    assert "redirect to another address" in error_of_status(status, {}, b"").message


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


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, {"message": "prompt is too long: 5000 tokens > 4096 maximum"}),
        (413, {"message": "maximum context length is 4096 tokens. You requested 5000 tokens"}),
        (500, {"message": "too big", "code": 400, "n_ctx": 4096, "n_prompt_tokens": 5000}),
        (400, {"code": "context_length_exceeded", "n_ctx": 4096, "n_prompt_tokens": 5000}),
    ],
)
def test_the_numbers_of_a_prompt_that_is_too_long_are_kept(status: int, said: object) -> None:
    for error in (
        error_of_status(status, {}, json.dumps({"error": said}).encode()),
        error_of_complaint(read_complaint({"error": said})),
    ):
        if isinstance(error, errors.ContextLengthError):
            assert (error.window, error.tokens) == (4096, 5000)
        else:
            assert status == 500


def test_loading_is_told_from_other_overloads() -> None:
    for said, loading in ((b'{"error": "Loading model"}', True), (b'{"error": "busy"}', False)):
        error = error_of_status(503, {}, said)
        assert isinstance(error, errors.OverloadedError)
        assert error.loading is loading


STREAMED: list[tuple[object, type[errors.ProviderError], int | None]] = [
    ({"error": {"message": "x", "code": 429}}, errors.RateLimitError, 429),
    ({"error": {"message": "x", "code": "rate_limit_exceeded"}}, errors.RateLimitError, None),
    ({"error": {"message": "x", "code": 504}}, errors.ServerError, 504),
    ({"error": "Model is overloaded", "error_type": "overloaded"}, errors.OverloadedError, None),
    ({"object": "error", "message": "x", "code": 500}, errors.ServerError, 500),
    ({"message": "x", "type": "api_error"}, errors.ServerError, None),
    ("x", errors.ServerError, None),
    ({}, errors.ServerError, None),
]


@pytest.mark.parametrize(("said", "kind", "status"), STREAMED)
def test_an_error_in_a_stream_is_what_its_status_would_be(
    said: object, kind: type[errors.ProviderError], status: int | None
) -> None:
    error = error_of_complaint(read_complaint(said))
    assert (type(error), error.status) == (kind, status)
    assert error.message.startswith("The service reported an error in mid-answer: ")
