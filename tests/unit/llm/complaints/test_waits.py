"""How long services ask to wait, and where they say so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from runt_pyodide.llm.complaints.complaint import Complaint, read_complaint
from runt_pyodide.llm.complaints.waits import read_reset, read_wait

NOW = datetime(2026, 11, 30, 12, 0, 0, tzinfo=UTC)
WORDS: list[tuple[str, float | None]] = [
    ("Please try again in 6s.", 6),
    ("Rate limit reached (TPM): Limit 30000, Used 28000. Please try again in 1m2.5s. See x", 62.5),
    ("Quota exceeded. Please retry in 22.1s.", 22.1),
    ("Please try again in 500ms", 0.5),
    ("Please try again in 7m12s", 432),
    ("again in 1h2m3.5s", 3723.5),
    ("Rate limit of 50 per 86400s exceeded. Please wait 3600 seconds before retrying.", 3600),
    ("Please retry after 26 seconds", 26),
    ("Try again in 2 hours", 7200),
    ("try again in 1 minute 30 seconds", 90),
    ("try again in 1 minute and 5 seconds", 65),
    ("Your limit resets in 3 days", 259200),
    ("Retry in 250 milliseconds", 0.25),
    ("Try again in a minute", 60),
    ("In 30 seconds, try again", 30),
    ("Next request allowed in 12 s", 12),
    ("retry after 17", 17),
    ("Retry-After: 17", 17),
    ("Please try again after 2026-11-30T12:00:40Z", 40),
    ("You will regain access on 2026-12-01 at 00:00 UTC.", 43200),
    ("请在 30 秒后重试", 30),
    ("请 2 分钟后再试", 120),
    ("Retry after step 17 is done", None),
    ("Rate limit: 5 requests per 10 seconds.", None),
    ("Please try again later", None),
    ("Wait for 5 steps", None),
    ("The model took 6s", None),
    ("", None),
]
HEADERS: list[tuple[dict[str, str], float | None]] = [
    ({"retry-after": "2"}, 2),
    ({"retry-after": "0.5"}, 0.5),
    ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
    ({"retry-after": "Mon, 30 Nov 2026 12:00:30 GMT"}, 30),
    ({"retry-after": "Mon, 30 Nov 2026 11:00:00 GMT"}, 0),
    ({"retry-after": "soon"}, None),
    ({"retry-after": "-3"}, 0),
    ({"x-ratelimit-reset-tokens": "6s", "retry-after": "2"}, 2),
    ({"x-ratelimit-reset-tokens": "6s"}, None),
    ({}, None),
]
RESETS: list[tuple[dict[str, str], float | None]] = [
    # OpenAI, Groq
    ({"x-ratelimit-reset-tokens": "6m0s", "x-ratelimit-reset-requests": "20ms"}, 360),
    (
        {
            "x-ratelimit-remaining-requests": "9",
            "x-ratelimit-reset-requests": "1h",
            "x-ratelimit-remaining-tokens": "0",
            "x-ratelimit-reset-tokens": "6s",
        },
        6,
    ),
    # Cerebras, Anthropic, OpenRouter, GitHub
    ({"x-ratelimit-reset-tokens-minute": "11.5"}, 11.5),
    ({"anthropic-ratelimit-requests-reset": "2026-11-30T12:01:00Z"}, 60),
    ({"x-ratelimit-reset": "1796040030000"}, 30),
    ({"x-ratelimit-reset": "1796040030"}, 30),
    ({"x-ratelimit-reset": "?"}, None),
    ({}, None),
]
FIELDS: list[tuple[Any, float | None]] = [
    (
        [
            {
                "error": {
                    "message": "Quota exceeded. Please retry in 22.1s.",
                    "details": [
                        {"@type": "type.googleapis.com/google.rpc.QuotaFailure"},
                        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "22s"},
                    ],
                }
            }
        ],
        22,
    ),
    ({"error": "Model x is currently loading", "estimated_time": 20.5}, 20.5),
    ({"message": "slow down", "retry_after": 1.25}, 1.25),
    ({"error": {"message": "x", "metadata": {"headers": {"Retry-After": "7"}}}}, 7),
    ({"error": {"message": "x", "retry_after": None}}, None),
    ({"error": {"message": "x", "retryAfterMs": 1500}}, 1.5),
    ({"error": {"message": "x", "metadata": {"retry_after_seconds": "3"}}}, 3),
    ({"error": {"details": [{"retryDelay": {"seconds": "22", "nanos": 500000000}}]}}, 22.5),
]


@pytest.mark.parametrize(("said", "wait"), WORDS)
def test_waits_in_words(said: str, wait: float | None) -> None:
    assert read_wait({}, Complaint(said), NOW) == (None if wait is None else pytest.approx(wait))


@pytest.mark.parametrize(("headers", "wait"), HEADERS)
def test_waits_in_headers(headers: dict[str, str], wait: float | None) -> None:
    assert read_wait(headers, Complaint(""), NOW) == wait


@pytest.mark.parametrize(("headers", "wait"), RESETS)
def test_when_limits_are_reset(headers: dict[str, str], wait: float | None) -> None:
    assert read_reset(headers, Complaint(""), NOW) == wait
    # OpenRouter puts the headers, which a page may not read, into the error.
    error = {"error": {"message": "Slow down.", "metadata": {"headers": headers}}}
    assert read_reset({}, read_complaint(error), NOW) == wait


@pytest.mark.parametrize(("error", "wait"), FIELDS)
def test_waits_in_the_fields_of_an_error(error: Any, wait: float | None) -> None:
    assert read_wait({}, read_complaint(error), NOW) == wait


def test_a_header_counts_before_the_body() -> None:
    assert read_wait({"retry-after": "2"}, Complaint("try again in 6s"), NOW) == 2
