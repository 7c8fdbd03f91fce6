"""How long a service asks to wait: in headers, in the fields of an error, or in its words.

A page can read few headers of another origin's answers, so that the words are often all it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from .complaint import Complaint

# Fields of error objects, in seconds or as durations, unless their names say milliseconds. Sources:
# google.rpc.RetryInfo (Gemini), Hugging Face ("estimated_time" while a model is loaded), Azure and
# others.
_FIELD = re.compile(r"(?:retry[_-]?(?:delay|after|in)|estimated_time)[_-]?(ms|s|sec\w*)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = (
    r"(\d{1,9}(?:\.\d{1,9})?)\s?"
    r"(ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])"
)
_DURATION = re.compile(_PART, re.IGNORECASE)
_DURATIONS = rf"((?:{_PART}[\s,]{{0,2}}(?:and )?)+)"
_WAIT = (
    r"\b(?:try again|retry\w*|wait|waiting|available|allowed|resets?|again|regain|cool ?down)\b"
    r"[^.\d]{0,40}?"
)
_WORDS = (
    re.compile(_WAIT + _DURATIONS, re.IGNORECASE),
    re.compile(rf"\b(?:in|after) {_DURATIONS}[,;]? (?:please )?(?:re)?try\b", re.IGNORECASE),
)
_ONE = re.compile(r"\b(?:an?|one) (?=second\b|minute\b|hour\b|day\b)", re.IGNORECASE)
_BARE = re.compile(
    r"\bretry[ _-]?after\W{1,4}(\d{1,7}(?:\.\d{1,6})?)(?![\w:-]|\.\d)", re.IGNORECASE
)
_CHINESE = re.compile(r"(\d{1,7}(?:\.\d{1,6})?)\s?(毫秒|秒|分|小时)[^。\d]{0,4}[后再]")
_CHINESE_UNITS = {"毫秒": 0.001, "秒": 1.0, "分": 60.0, "小时": 3600.0}
_MOMENT = re.compile(
    _WAIT + r"(\d{4}-\d\d-\d\d)(?:T| |\s+at\s+)(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s?"
    r"(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_MOST_READ = 1 << 12  # characters; a wait stands near the beginning
# Numbers this large are no spans but moments, in seconds or milliseconds since 1970.
_EPOCH, _EPOCH_MS = 1e9, 1e12


def read_wait(
    headers: Mapping[str, str], complaint: Complaint, now: datetime | None = None
) -> float | None:
    """Return the seconds to wait that a service asks for; None if it does not. ``headers`` have
    lower-case names, and count before what the error says."""
    now = now or datetime.now(UTC)
    fields = complaint.facts
    ways = (
        _read_retry_after(headers, now),
        _read_retry_after(fields, now),
        *(_read_field(name, value, now) for name, value in fields.items()),
        _read_words(complaint.message[:_MOST_READ], now),
    )
    return next((wait for wait in ways if wait is not None), None)


def read_reset(
    headers: Mapping[str, str], complaint: Complaint, now: datetime | None = None
) -> float | None:
    """Return the seconds until no limit of the rate is exhausted any more; None if that is not
    told. It is told with every answer, and counts only if a limit is what refused.

    Services name them ``x-ratelimit-reset-tokens`` beside ``x-ratelimit-remaining-tokens``, or
    alike; what has something remaining is not what refused. Sources: docs of OpenAI, Groq,
    Cerebras, Anthropic and OpenRouter, whose errors hold the headers.
    """
    fields = {**complaint.facts, **headers}
    waits = [
        wait
        for name, value in fields.items()
        if "ratelimit" in name and "reset" in name
        if str(fields.get(name.replace("reset", "remaining"), "0")).strip() == "0"
        if (wait := _read_span(value, now or datetime.now(UTC))) is not None
    ]
    return max(waits, default=None)


def _read_retry_after(fields: Mapping[str, Any], now: datetime) -> float | None:
    """Return what ``retry-after-ms`` says, else ``retry-after``: seconds or a moment (RFC 9110)."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(fields[name]) * unit)
        except (KeyError, ValueError, TypeError):
            continue
    return _read_moment(str(fields.get("retry-after", "")), now)


def _read_words(text: str, now: datetime) -> float | None:
    text = _ONE.sub("1 ", text)
    for words in _WORDS:
        if told := words.search(text):
            return sum(_seconds_of(told[1]))
    if told := _CHINESE.search(text):
        return float(told[1]) * _CHINESE_UNITS[told[2]]
    if told := _BARE.search(text):
        return float(told[1])
    # Services name the hour of no other place.
    told = _MOMENT.search(text)
    return _read_moment(f"{told[1]}T{told[2]}{told[3] or 'Z'}", now) if told else None


def _read_field(name: str, value: Any, now: datetime) -> float | None:
    found = _FIELD.fullmatch(name)
    if found is None:
        return None
    if isinstance(value, Mapping):  # google.protobuf.Duration
        parts = _read_span(value.get("seconds"), now), _read_span(value.get("nanos", 0), now)
        return None if parts[0] is None else parts[0] + (parts[1] or 0) / 1e9
    span = _read_span(value, now)
    return span / 1000 if span is not None and found[1] == "ms" else span


def _read_span(value: Any, now: datetime) -> float | None:
    """Return the seconds of a number, of a duration such as "1m2.5s", or until a moment."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        durations = [*_seconds_of(str(value)[:_MOST_READ])]
        return sum(durations) if durations else _read_moment(str(value), now)
    if number >= _EPOCH:
        number = number / (1000 if number >= _EPOCH_MS else 1) - now.timestamp()
    return max(0.0, number)


def _read_moment(text: str, now: datetime) -> float | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            return max(0.0, (moment - now).total_seconds())
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _seconds_of(text: str) -> Iterator[float]:
    for number, unit in _DURATION.findall(text):
        unit = unit.lower()
        known = "ms" if unit.startswith(("ms", "mil")) else unit[0]
        yield float(number) * _UNITS[known]
