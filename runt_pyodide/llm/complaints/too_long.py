"""Whether a service complains that a prompt is too long, in whatever words, and their numbers.

Each service words it in its own way, and many give it no code. What they have in common: they name
the prompt, or the window that it must fit, and say that the one exceeds the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .complaint import Complaint

# In error codes. Sources: openai-python; llama.cpp `server-task.cpp`; docs of Mistral ("3051"),
# GitHub Models, Z.ai ("1261"), Anthropic.
_CODES = re.compile(
    r"context_(?:length|size|window)|tokens_limit_reached|prompt_too_long|^(?:3051|1261)$",
    re.IGNORECASE,
)
_PROMPT = r"(?:prompt|input|inputs|messages?|conversation|request(?: body)?|query|sequence)"
_WINDOW = (
    r"(?:context|(?:input|prompt|sequence|model|token)s?)(?:[- ](?:length|window|size|limit))+"
)
_EXCEEDS = (
    r"(?:exceed\w*|overflow\w*|(?:too|is) (?:long|large|big)\w*|(?:long|larg|great|bigg)er than|"
    r"surpass\w*|beyond|over the|more than|is full|cannot fit|does(?: not|n't) fit|not enough)"
)
_NEAR = r"[^.!?\n]{0,80}?"
# Sources: the answers of services as users report them; see tests/unit/llm/complaints.
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"\b{_PROMPT}\b{_NEAR}\btoo (?:long|large|big)",
        rf"\b{_EXCEEDS}\b{_NEAR}\b{_WINDOW}",
        rf"\b{_WINDOW}\b{_NEAR}\b{_EXCEEDS}",
        rf"\b{_PROMPT}\b{_NEAR}\b{_EXCEEDS}{_NEAR}\b(?:max(?:imum)?|limit|tokens?|length)\b",
        r"\bmaximum (?:context|prompt|input|sequence|model) (?:length|window|size)(?: is|:| of)",
        r"\b(?:reduce|shorten)\b[^.\n]{0,40}\b(?:prompt|messages?|input)\b",
        r"\bshorter (?:prompt|input|message)",
        rf"\b{_PROMPT}\b{_NEAR}\bcannot exceed\b",
        r"\btokens? in the prompt cannot exceed\b",
        r"\binputs?`? (?:tokens|length)\b[^.\n]{0,40}\b(?:must|should) be\b",
        r"\binputs`? must have less than \d+ tokens",
        r"\blimit \d[\d,]*, requested \d",
        r"\b(?:payload|entity|content) too large",
        r"\btoo many (?:input|prompt|context) tokens",
        rf"\b(?:{_PROMPT}|{_WINDOW})\b{_NEAR}\bonly (?:(?:supports|allows|takes) )?\d",
    )
)
# What sounds like it: a limit by the minute or the day, a parameter for the answer, another part of
# the request.
_RATE = re.compile(
    r"\btokens?[ -]per[ -](?:min\w*|day|hour|second)|\b(?:please |then )(?:wait|slow)|"
    r"\brate[ -]limit|\btoo many requests",
    re.IGNORECASE,
)
_NEVER_FITS = re.compile(
    r"request too large|reduce your (?:message|prompt) (?:size|length)|tokens must be reduced",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"max_?(?:completion_?|output_?|new_?)?tokens['\"`]?(?: or '\w+')?:? "
    r"(?:\(\d+\) |value |is |must |should |cannot |exceeds |[\d>])"
    r"|(?:completion|output|generated?) tokens[^.\n]{0,20}(?:allowed|at most|maximum)"
    r"|at most \d+ (?:completion|output)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:image|picture|audio|file|upload|attachment|base64|stop|tool|function|schema|name|"
    r"description|metadata|header|url)s?\b[^.\n]{0,60}"
    r"\b(?:exceed|too (?:large|big|many|long)|(?:larger|longer) than|at most)",
    re.IGNORECASE,
)
_STATUSES = (None, 400, 413, 422, 429, 500)

_NUMBER = r"(\d{1,3}(?:[,_]\d{3})+|\d+)(?![\w.-]*[a-z])"
_TO = r"\b[^\d.;>]{0,60}?"
# Where the window stands: the first of these that is in the text.
_LIMITS = tuple(
    re.compile(limit, re.IGNORECASE)
    for limit in (
        rf"(?:>|<=|≤)\s*{_NUMBER}",
        rf"\[\s*\d+\s*,\s*{_NUMBER}\s*\]",
        rf"\bcontext (?:length|size|window){_TO}{_NUMBER}",
        rf"\b(?:maximum|max|allowed|cannot exceed|(?:less|more) than|at most){_TO}{_NUMBER}",
        rf"\b(?:limit|window|only){_TO}{_NUMBER}",
        rf"\b{_NUMBER}\b[^\d.;]{{0,20}}?\b(?:maximum|max|limit)\b",
    )
)
_MOST_READ = 1 << 12  # characters; words are not far from the beginning
_SMALLEST, _LARGEST = 16, 1 << 30  # tokens


@dataclass(frozen=True, slots=True)
class TooLong:
    """How much too long, in tokens: the model's ``window``, and all that was ``tokens`` of the
    request; None for what the service does not say."""

    window: int | None = None
    tokens: int | None = None


def find_too_long(complaint: Complaint, status: int | None = None) -> TooLong | None:
    """Return what a complaint about a prompt that is too long says; None if it is about something
    else. ``status`` is the answer's HTTP status, None within a stream."""
    if not _is_about_length(complaint, status):
        return None
    told = _count_of(complaint, "n_ctx", "context_length"), _count_of(complaint, "n_prompt_tokens")
    window, tokens = _read_numbers(complaint)
    return TooLong(told[0] or window, told[1] or tokens)


def _is_about_length(complaint: Complaint, status: int | None) -> bool:
    said = complaint.message[:_MOST_READ]
    if any(map(_CODES.search, complaint.codes)):
        return True
    status = status or complaint.status
    if status not in _STATUSES or _ANOTHER.search(said):
        return False
    if (status == 429 or _RATE.search(said)) and not _NEVER_FITS.search(said):
        return False
    if not any(shape.search(said) for shape in _SHAPES):
        return False
    return _ANSWER.search(said) is None or _fills_window(complaint)


def _fills_window(complaint: Complaint) -> bool:
    """Return whether the prompt itself takes most of the window, where a service complains of the
    limit of the answer."""
    window, _ = _read_numbers(complaint)
    said = complaint.message[:_MOST_READ]
    prompts = re.findall(rf"{_NUMBER} `?(?:inputs?|prompt)`? tokens", said)
    return window is not None and any(_int(prompt) > window // 2 for prompt in prompts)


def _read_numbers(complaint: Complaint) -> tuple[int | None, int | None]:
    """Return the window, and the first number beyond it: what was asked for."""
    text = complaint.message[:_MOST_READ]
    codes = {int(code) for code in complaint.codes if code.isdecimal() and len(code) < 6}
    found = (limit.search(text) for limit in _LIMITS)
    windows = (_int(match[1]) for match in found if match)
    window = next((one for one in windows if _is_count(one) and one not in codes), None)
    if window is None:
        return None, None
    return window, next((one for one in _numbers_of(text) if one > window), None)


def _numbers_of(text: str) -> Iterator[int]:
    numbers = (_int(match) for match in re.findall(rf"(?<![\w.-]){_NUMBER}", text, re.IGNORECASE))
    return filter(_is_count, numbers)


def _count_of(complaint: Complaint, *names: str) -> int | None:
    values = (complaint.facts.get(name) for name in names)
    return next((value for value in values if isinstance(value, int) and _is_count(value)), None)


def _is_count(number: int) -> bool:
    return _SMALLEST <= number <= _LARGEST


def _int(text: str) -> int:
    return int(text.replace(",", "").replace("_", "")) if len(text) < 16 else _LARGEST + 1
