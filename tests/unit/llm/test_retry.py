"""Which failures are worth another try, and after how long."""

from __future__ import annotations

import pytest

from runt_pyodide import errors
from runt_pyodide.errors import ProviderError
from runt_pyodide.llm.retry import Retries, RetryPolicy
from runt_pyodide.llm.service_errors import error_of_complaint, error_of_status, read_complaint

LOADING = b'{"error": {"message": "Loading model", "code": 503}}'


def in_stream(**fields: object) -> ProviderError:
    return error_of_complaint(read_complaint({"message": "broken", **fields}))


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (error_of_status(408, {}, b""), [0.5, 1.0, None]),
        (error_of_status(409, {}, b""), [0.5, 1.0, None]),
        (error_of_status(429, {}, b""), [0.5, 1.0, None]),
        (error_of_status(500, {}, b""), [0.5, 1.0, None]),
        (error_of_status(529, {}, b""), [0.5, 1.0, None]),
        (error_of_status(429, {"retry-after": "7"}, b""), [7.0, 7.0, None]),
        (error_of_status(429, {"retry-after-ms": "30"}, b""), [0.03, 0.03, None]),
        (error_of_status(429, {"retry-after": "121"}, b""), [None]),
        (error_of_status(400, {}, b""), [None]),
        (error_of_status(401, {}, b""), [None]),
        (error_of_status(400, {"x-should-retry": "true"}, b""), [0.5]),
        (error_of_status(500, {"x-should-retry": "false"}, b""), [None]),
        (error_of_status(429, {}, b'{"error":{"code":"insufficient_quota"}}'), [None]),
        (errors.NetworkError("gone"), [0.5]),
        (errors.CutStreamError("cut"), [0.5]),
        (errors.CorsError("no"), [None]),
        (errors.LocalNetworkError("no"), [None]),
        (errors.MixedContentError("no"), [None]),
        (errors.OfflineError("no"), [None]),
        (errors.RequestTimeoutError("slow"), [None]),
        (errors.ProtocolError("what?"), [None]),
        (errors.ModelSlipError("it said nothing"), [0.0, None]),
        (error_of_status(402, {}, b""), [None]),
        (error_of_status(429, {}, b'{"error":"weekly usage limit reached"}'), [None]),
        (error_of_status(429, {}, b'{"error":"Please try again in 6s."}'), [6.0, 6.0, None]),
        (error_of_status(429, {}, b'{"error":"Please try again in 3 hours."}'), [None]),
        (error_of_status(500, {}, b'{"error":"prompt is too long"}'), [None]),
        (error_of_status(500, {}, b'{"error":"image input is not supported"}'), [None]),
        (in_stream(code=429), [0.5, 1.0, None]),
        (in_stream(code="rate_limit_exceeded"), [0.5, 1.0, None]),
        (in_stream(error_type="overloaded"), [0.5, 1.0, None]),
        (in_stream(code="server_error"), [0.5, 1.0, None]),
        (in_stream(), [0.5, 1.0, None]),
        (in_stream(code=400), [None]),
        (in_stream(type="invalid_request_error"), [None]),
        (in_stream(code="invalid_api_key"), [None]),
    ],
)
def test_what_is_waited_for(error: ProviderError, waits: list[float | None]) -> None:
    policy = RetryPolicy(random=lambda: 0.0)
    assert [policy.wait_before_retry(error, done) for done in range(len(waits))] == waits


def test_jitter_takes_off_at_most_a_quarter_and_waits_end_at_eight_seconds() -> None:
    error = error_of_status(500, {}, b"")
    assert RetryPolicy(random=lambda: 1.0).wait_before_retry(error, 0) == 0.375
    assert RetryPolicy(99, random=lambda: 0.0).wait_before_retry(error, 9) == 8.0


def loading(patience: float, retry_after: str = "") -> errors.OverloadedError:
    headers = {"retry-after": retry_after} if retry_after else {}
    error = error_of_status(503, headers, LOADING)
    assert isinstance(error, errors.OverloadedError)
    error.patience = patience
    return error


@pytest.mark.parametrize(
    ("patience", "retry_after", "waits"),
    [
        (120.0, "", [0.5, 1, 2, 4, *[8] * 14]),
        (10.0, "", [0.5, 1, 2, 4]),
        (10.0, "5", [5, 5]),
        (0.1, "", []),
    ],
)
def test_a_model_that_is_loaded_is_waited_for(
    patience: float, retry_after: str, waits: list[float]
) -> None:
    retries = Retries(RetryPolicy(random=lambda: 0.0))
    found = []
    while retry := retries.after(loading(patience, retry_after)):
        found.append(retry)
    assert [retry.wait for retry in found] == waits
    assert sum(waits) <= patience
    if found:
        said = "The service answered with HTTP 503: Loading model."
        assert found[0].told == f"{said} Waiting for it, up to {patience:g} s."
    assert {retry.told for retry in found[1:]} <= {""}


def test_who_does_not_want_retries_does_not_wait_for_a_model() -> None:
    assert Retries(RetryPolicy(0)).after(loading(120.0)) is None


def test_each_sort_of_failure_has_its_own_count() -> None:
    retries = Retries(RetryPolicy(random=lambda: 0.0))
    failed, slipped = error_of_status(500, {}, b""), errors.ModelSlipError("It said nothing")
    told = [retries.after(error) for error in (failed, slipped, loading(9), failed, slipped)]
    assert [retry and retry.wait for retry in told] == [0.5, 0.0, 0.5, 1.0, None]
    assert told[1] is not None and told[1].told == "It said nothing. Asking once more."
    assert told[3] is not None and told[3].told.endswith("Retrying in 1 s (2 of 2).")


@pytest.mark.parametrize(
    ("wait", "shown"), [("0.25", "0.25"), ("7", "7"), ("22", "22"), ("110.4", "110")]
)
def test_waits_are_shown_in_seconds(wait: str, shown: str) -> None:
    retry = Retries(RetryPolicy()).after(error_of_status(429, {"retry-after": wait}, b""))
    assert retry is not None and f"Retrying in {shown} s (1 of 2)." in retry.told
