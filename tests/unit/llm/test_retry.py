"""Which failures are worth another try, and after how long."""

from __future__ import annotations

import pytest

from runt_pyodide import errors
from runt_pyodide.errors import ProviderError
from runt_pyodide.llm.retry import RetryPolicy
from runt_pyodide.llm.service_errors import error_of_status


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
    ],
)
def test_what_is_waited_for(error: ProviderError, waits: list[float | None]) -> None:
    policy = RetryPolicy(random=lambda: 0.0)
    assert [policy.wait_before_retry(error, done) for done in range(len(waits))] == waits


def test_jitter_takes_off_at_most_a_quarter_and_waits_end_at_eight_seconds() -> None:
    error = error_of_status(500, {}, b"")
    assert RetryPolicy(random=lambda: 1.0).wait_before_retry(error, 0) == 0.375
    assert RetryPolicy(99, random=lambda: 0.0).wait_before_retry(error, 9) == 8.0
