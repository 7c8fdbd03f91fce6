"""What a service says when it refuses, as an exception of ours.

Messages are whole here, however long: a key must be taken out before they are trimmed, or half of
it may stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ..errors import (
    AuthenticationError,
    BadRequestError,
    ContentFilterError,
    ContextLengthError,
    ModelNotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from ..json_text import read_json
from .redaction import Redactor

_BY_STATUS: dict[int, type[ProviderError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: ModelNotFoundError,
    429: RateLimitError,
    503: OverloadedError,
    529: OverloadedError,
}
# Source: openai-python's documented codes; compatible servers send some of them as the type.
_BY_CODE: dict[str, type[ProviderError]] = {
    "invalid_api_key": AuthenticationError,
    "model_not_found": ModelNotFoundError,
    "insufficient_quota": QuotaExceededError,
    "rate_limit_exceeded": RateLimitError,
    "context_length_exceeded": ContextLengthError,
    "exceed_context_size_error": ContextLengthError,  # llama.cpp's server
    "content_filter": ContentFilterError,
    "content_policy_violation": ContentFilterError,
    "server_error": ServerError,
    # Of the Responses API: openai-python `types/responses/response_error.py`.
    "invalid_prompt": ContentFilterError,
    "bio_policy": ContentFilterError,
    "misalignment_policy_violation": ContentFilterError,
    "image_content_policy_violation": ContentFilterError,
}
_LONGEST = 600  # characters


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the error object of a service says."""

    message: str
    codes: tuple[str, ...] = ()
    param: str | None = None


def read_complaint(error: Any) -> Complaint:
    """Read the value of ``error`` in a body or an event: an object, or only a text.

    Source: OpenAI {"message", "type", "param", "code"}; others put a string there.
    """
    if isinstance(error, Mapping):
        codes = [error.get("code"), error.get("type")]
        message = error.get("message") or error.get("detail") or json.dumps(dict(error))
        param = error.get("param")
        return Complaint(
            str(message),
            tuple(code for code in codes if isinstance(code, str)),
            param if isinstance(param, str) else None,
        )
    return Complaint(str(error))


def error_of_complaint(complaint: Complaint) -> ProviderError:
    """Return the error that a service reports in mid-stream, under HTTP 200."""
    kind = _kind_of_codes(complaint) or ServerError
    return kind(f"The service reported an error in mid-answer: {complaint.message}")


def error_of_status(status: int, headers: Mapping[str, str], body: bytes) -> ProviderError:
    """Return the error that an HTTP status of 300 or more stands for."""
    complaint = _read_body(body)
    kind = _kind_of_codes(complaint) or _BY_STATUS.get(status)
    if kind is None:
        kind = ServerError if status >= 500 else BadRequestError if status >= 400 else ProtocolError
    said = f": {complaint.message}" if complaint.message else ", and said nothing more."
    error = kind(
        f"The service answered with HTTP {status}{said}",
        status=status,
        request_id=headers.get("x-request-id"),
        retry_after=_read_wait(headers),
        should_retry={"true": True, "false": False}.get(headers.get("x-should-retry", "")),
    )
    if isinstance(error, BadRequestError):
        error.param = complaint.param
    return error


def redact(error: ProviderError, redactor: Redactor) -> ProviderError:
    """Take secrets out of an error's text, since some services repeat them in theirs, and trim what
    is left to a length that people read."""
    message = redactor.text(error.message)
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST]}..."
    error.message, error.args = message, (message,)
    return error


def _kind_of_codes(complaint: Complaint) -> type[ProviderError] | None:
    return next((_BY_CODE[code] for code in complaint.codes if code in _BY_CODE), None)


def _read_body(body: bytes) -> Complaint:
    text = body.decode("utf-8", "replace").strip()
    # Servers that stream send their errors so too: `data: {"error": ...}` under HTTP 500.
    text = text.removeprefix("data:").strip()
    try:
        value = read_json(text)
    except ValueError:
        # A web page, or plain words: the title says more than the markup.
        title = re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        plain = title.group(1) if title else re.sub(r"<[^>]*>", " ", text)
        return Complaint(" ".join(plain.split()))
    if isinstance(value, Mapping):
        return read_complaint(value.get("error", value))
    return read_complaint(value)


def _read_wait(headers: Mapping[str, str]) -> float | None:
    """Return seconds, from ``retry-after-ms``, else ``retry-after`` as seconds or HTTP date."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
