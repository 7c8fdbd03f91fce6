"""The innermost reason of an error, wherever it stands in an answer.

Services wrap what went wrong in objects, lists, JSON text within JSON text, events and web pages,
and gateways wrap that once more. One rule reads them all: look within for a reason first, and else
take the words that stand here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from pydantic_core import from_json

from ...json_text import read_json
from .page import is_page, read_page

# Where the reason of a wrapper is, the innermost first. Sources, read in November 2026: OpenRouter
# {"error": {"message", "metadata": {"raw"}}}; Gemini [{"error": ...}]; Cloudflare {"errors": []};
# MiniMax {"base_resp": {"status_msg"}}; Mistral {"message": {"detail": []}}; OpenAI's Responses
# {"response": {"error"}}; FastAPI {"detail": [{"loc", "msg"}]}; Apigee {"fault": {"faultstring"}};
# Rails {"errors": {"model": ["is not there"]}}.
_WITHIN = (
    *("metadata", "raw", "error", "errors", "err", "fault", "base_resp", "response", "choices"),
    *("message", "msg", "detail", "cause", "exception", "failure", "previous_errors"),
    *("status", "header"),
)
# The words of an error, the most telling first: "error" beside a message is the status in words
# (Spring, NestJS), a title beside a detail its kind (RFC 9457).
_WORDS = (
    "message",
    "msg",
    "status_msg",
    "detail",
    "error_message",
    "error_msg",
    "errormessage",
    "error_description",
    "raw",
    "error",
    "errors",
    "err",
    "faultstring",
    "exception",
    "failure",
    "title",
    "description",
    "statustext",
    "details",
)
# What an error is called, and where more of that stands beside the words.
_CODES = (
    "code",
    "type",
    "status",
    "reason",
    "error_type",
    "error_code",
    "status_code",
    "statuscode",
    "http_code",
)
_BESIDE = (*_WITHIN, "details", "innererror", "reasons", "headers")
# What a part of an answer has, of any of the APIs.
_OF_ANSWERS = ("choices", "output", "response", "delta", "usage", "model", "done", "candidates")
_JSON = tuple('{["')
_EVENTS = ("data:", "event:", "id:", ":")
_DEEPEST = 12
_MOST_ITEMS = 8
_MOST_READ = 1 << 18  # bytes: no reason is longer, and an error page may have any size
_LONGEST_WORD = 1 << 10  # bytes
_LONGEST_QUOTE = 1 << 14  # characters


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a service says of an error.

    ``message`` is its innermost reason, "" if there is none. ``codes`` are the names that it gives
    the error, outermost first, numbers as text; ``param`` is the parameter of the request that it
    is about. ``facts`` holds the other fields of the error by their lower-case names: where several
    levels have the same, the outermost counts.
    """

    message: str
    codes: tuple[str, ...] = ()
    param: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int | None:
        """Return the HTTP status that the error's codes name; None if none does."""
        numbers = (int(code) for code in self.codes if code.isdecimal() and len(code) == 3)
        return next((number for number in numbers if 400 <= number <= 599), None)


def read_complaint(error: Any) -> Complaint:
    """Return what an error says: an object, a list, or text (JSON, events, a page, or words)."""
    if isinstance(error, str):
        error = _read_text(error)
    levels = [*_levels_of(error)]
    facts: dict[str, Any] = {}
    for level in levels:
        facts = {**level, **facts}
    return Complaint(
        find_reason(error),
        tuple(dict.fromkeys(code for level in levels for code in _codes_of(level))),
        next(filter(None, map(_param_of, levels)), None),
        facts,
    )


def read_body(body: bytes) -> Complaint:
    """Return what an answer's body says, of which 256 KiB are read. If no reason is found in it,
    that is the body itself, as it came."""
    text = _cut(body).decode("utf-8", "replace").lstrip("\ufeff").strip()
    if text in ("", "null", "{}", "[]"):
        return Complaint("")
    if text[:1] not in _JSON and not text.startswith(_EVENTS) and "<" in text:
        return Complaint(read_page(text))
    complaint = read_complaint(text)
    return complaint if complaint.message else replace(complaint, message=" ".join(text.split()))


def _cut(body: bytes) -> bytes:
    """Return so much of a body as is read, up to the end of a word: half of a key that the service
    repeats would not be known as one."""
    if len(body) <= _MOST_READ:
        return body
    head, tail = body[: _MOST_READ - _LONGEST_WORD], body[_MOST_READ - _LONGEST_WORD : _MOST_READ]
    return head + b" ".join(tail.split(b" ")[:-1])


def find_error(record: Mapping[str, Any]) -> Any:
    """Return the error that a JSON object reports, though its HTTP status says that all is well;
    None if it is part of an answer.

    Source: OpenAI and most {"error": ...}, also within a choice; FastChat and vLLM {"object":
    "error", "message"}; MiniMax {"base_resp": {"status_code", "status_msg"}}, where 0 is success;
    SiliconFlow {"code", "message"}, FastAPI {"detail"} and others that have a reason, and nothing
    of an answer.
    """
    for holder in (record, *_objects_in(record.get("choices"))):
        if holder.get("error") or holder.get("errors"):
            return record
    base = record.get("base_resp")
    if isinstance(base, Mapping) and base.get("status_code"):
        return record
    if "error" in (record.get("object"), record.get("type")):
        return record
    answers = any(record.get(name) for name in _OF_ANSWERS)
    return record if not answers and find_reason(record) else None


def find_reason(error: Any, depth: int = 0) -> str:
    """Return the innermost words of an error; "" if there are none."""
    if depth > _DEEPEST:
        return ""
    if isinstance(error, str):
        return _find_in_text(error, depth)
    if isinstance(error, list):
        reasons = (find_reason(item, depth + 1) for item in islice(error, _MOST_ITEMS))
        return "; ".join(dict.fromkeys(filter(None, reasons)))
    if not isinstance(error, Mapping):
        return ""
    fields = _lower(error)
    within = (fields[name] for name in _WITHIN if isinstance(fields.get(name), Mapping | list))
    words = (fields[name] for name in _WORDS if isinstance(fields.get(name), str))
    # By the names of what is wrong, in place of a list.
    named = [*errors.values()] if isinstance(errors := fields.get("errors"), Mapping) else ()
    reasons = (find_reason(value, depth + 1) for value in (*within, *words, *named))
    reason = next(filter(None, reasons), "")
    place = _place_of(fields)
    return f"{place}: {reason}" if place and reason else reason


def _find_in_text(text: str, depth: int) -> str:
    inner = _read_text(text)
    if not isinstance(inner, str):
        return find_reason(inner, depth + 1)
    return find_reason(_read_quoted(inner), depth + 1) or " ".join(inner.split())


def _read_text(text: str) -> Any:
    """Return what a text holds: the value of JSON, the words of a page, or else the text itself. Of
    events, that is what the first data holds that are JSON."""
    text = text.strip()
    if text.startswith(_EVENTS):
        lines = (line for line in text.split("\n") if line.startswith("data:"))
        data = [line.removeprefix("data:").strip() for line in islice(lines, _MOST_ITEMS)]
        text = next((one for one in data if one[:1] in _JSON), next(iter(data), ""))
    if text[:1] in _JSON:
        return _read_cut_json(text)
    return read_page(text) if is_page(text) else text


def _read_cut_json(text: str) -> Any:
    """Return the value of JSON text that may have been cut, or be followed by other lines; the text
    itself if it is not JSON."""
    first, more, _ = text.partition("\n")
    for whole in (text, first) if more else (text,):
        try:
            value = read_json(whole)
        except ValueError:
            continue
        return _read_text(value) if isinstance(value, str) else value
    try:
        return text if text[0] == '"' else from_json(text, allow_partial="trailing-strings")
    except ValueError:
        return text


def _read_quoted(text: str) -> Any:
    """Return the error that a text quotes after words of its own; None if it quotes none.

    Source: LiteLLM and others put what openai-python raised into their message: "Error code: 400 -
    {'error': {'message': ...}}".
    """
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end - start > _LONGEST_QUOTE or text.count("{") > _DEEPEST * 4:
        return None
    quoted = text[start : end + 1]
    for read in (read_json, ast.literal_eval):
        try:
            value = read(quoted)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            continue
        return value if isinstance(value, Mapping) else None
    return None


def _levels_of(error: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the objects that the error is made of, from the outermost to the innermost."""
    if depth > _DEEPEST:
        return
    if isinstance(error, str):
        inner = _read_text(error)
        inner = _read_quoted(inner) if isinstance(inner, str) else inner
        yield from _levels_of(inner, depth + 1)
    elif isinstance(error, list):
        for item in islice(error, _MOST_ITEMS):
            yield from _levels_of(item, depth + 1)
    elif isinstance(error, Mapping):
        fields = _lower(error)
        yield fields
        for name in _BESIDE:
            yield from _levels_of(fields.get(name), depth + 1)


def _lower(error: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in error.items()}


def _codes_of(level: Mapping[str, Any]) -> Iterator[str]:
    for name in _CODES:
        value = level.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value:
            yield str(value)


def _param_of(level: Mapping[str, Any]) -> str | None:
    param = level.get("param")
    return param if isinstance(param, str) and param else _place_of(level) or None


def _place_of(level: Mapping[str, Any]) -> str:
    """Return where in the request's body FastAPI found a fault (pydantic's ``loc``)."""
    place = level.get("loc")
    if not isinstance(place, list | tuple):
        return ""
    return ".".join(str(part) for part in place[:_MOST_ITEMS] if part != "body")


def _objects_in(items: Any) -> Iterable[Mapping[str, Any]]:
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else ()
