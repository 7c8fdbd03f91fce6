"""What a service says when it refuses, as an exception of ours.

An error in a stream is what it would be as an answer's status. Messages are whole here, however
long: a key must be taken out before they are trimmed, or half of it may stay.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import (
    BadRequestError,
    ContextLengthError,
    OverloadedError,
    ProtocolError,
    ProviderError,
    RateLimitError,
)
from .complaints.complaint import Complaint, find_error, read_body, read_complaint
from .complaints.kinds import LOADING, find_kind
from .complaints.too_long import find_too_long
from .complaints.waits import read_reset, read_wait
from .redaction import Redactor

__all__ = (
    "Complaint",
    "error_of_complaint",
    "error_of_status",
    "find_error",
    "read_complaint",
    "redact",
)
_LONGEST = 600  # characters


def error_of_complaint(complaint: Complaint) -> ProviderError:
    """Return the error that a service reports in its answer, under HTTP 200."""
    reason = complaint.message or "it said no more"
    message = f"The service reported an error in mid-answer: {reason}"
    return _build_error(message, complaint, complaint.status, {})


def error_of_status(status: int, headers: Mapping[str, str], body: bytes) -> ProviderError:
    """Return the error that an HTTP status of 300 or more stands for."""
    if status < 400:
        return _error_of_redirect(status, headers)
    complaint = read_body(body)
    said = f": {complaint.message}" if complaint.message else ", and said nothing more."
    message = f"The service answered with HTTP {status}{said}"
    return _build_error(message, complaint, status, headers)


def _error_of_redirect(status: int, headers: Mapping[str, str]) -> ProtocolError:
    # A page is not told where it leads, and a query may hold a key.
    where = headers.get("location", "").partition("?")[0] or "another address"
    return ProtocolError(
        f"The server answered with HTTP {status}, a redirect to {where}, which is not followed: "
        "what was given for this address is sent to no other.",
        advice="Set the base URL in the AI settings to the address that it redirects to.",
        status=status,
    )


def redact(error: ProviderError, redactor: Redactor) -> ProviderError:
    """Take secrets out of all texts of an error, since some services repeat them, and trim what is
    left to a length that people read."""
    error.message = _trim(redactor.text(error.message))
    error.args = (error.message,)
    if "advice" in vars(error):
        error.advice = redactor.text(error.advice)
    if error.request_id is not None:
        error.request_id = _trim(redactor.text(error.request_id))
    if isinstance(error, BadRequestError) and error.param is not None:
        error.param = _trim(redactor.text(error.param))
    return error


def _build_error(
    message: str, complaint: Complaint, status: int | None, headers: Mapping[str, str]
) -> ProviderError:
    wait = read_wait(headers, complaint)
    too_long = find_too_long(complaint, status)
    kind = ContextLengthError if too_long else find_kind(complaint, status, wait)
    if wait is None and issubclass(kind, RateLimitError):
        wait = read_reset(headers, complaint)
    error = kind(
        message,
        status=status,
        request_id=headers.get("x-request-id")
        or headers.get("request-id")
        or _text_of(complaint, "request_id"),
        retry_after=wait,
        should_retry={"true": True, "false": False}.get(headers.get("x-should-retry", "")),
    )
    if isinstance(error, BadRequestError):
        error.param = complaint.param
    if isinstance(error, OverloadedError):
        error.loading = LOADING.fits(complaint, status)
    if too_long and isinstance(error, ContextLengthError):
        error.window, error.tokens = too_long.window, too_long.tokens
    return error


def _text_of(complaint: Complaint, name: str) -> str | None:
    value = complaint.facts.get(name)
    return value if isinstance(value, str) else None


def _trim(text: str) -> str:
    # What was trimmed before is short enough.
    return text if len(text) <= _LONGEST + 3 else f"{text[:_LONGEST]}..."
