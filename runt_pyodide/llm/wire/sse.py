"""Server-sent events to records, by the rules of the WHATWG.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation,
less ``id`` and ``retry``, which serve reconnection: a model's answer cannot be resumed. What the
standard ignores is read here where a server tells its fault by it: a line of JSON that is no field,
and the field ``error`` (llama.cpp, `server.cpp` until 2025).
"""

from __future__ import annotations

import json

from ...json_text import read_json

# Events of these names say nothing but that the server is there. Source: Anthropic's `ping`; the
# others are gateways'.
_KEEP_ALIVE = frozenset(("ping", "keepalive", "keep-alive", "heartbeat"))


def read_event(event: bytes) -> str:
    """Return the record in the lines of an event, which end in LF: its ``data`` lines joined; "" if
    it says nothing. An event named "error" is the record {"error": its data}, whatever that is. As
    the standard has it, bytes that are not UTF-8 become U+FFFD."""
    text = event.decode("utf-8", "replace")
    if text.startswith("data: ") and "\n" not in text:
        return text[6:]  # as most events are
    name, data = _read_lines(text.split("\n"))
    record = "\n".join(data)
    if not name:
        return record
    if name.lower() in _KEEP_ALIVE or not record.strip():
        return ""
    return _tell_error(record) if name == "error" else record


def _read_lines(lines: list[str]) -> tuple[str, list[str]]:
    """Return the name of an event, or "", and its data."""
    name, data, is_bare = "", list[str](), False
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            name = value
        elif field == "error":
            name = "error"
            data.append(value)
        elif line and (is_bare or (field[:1] == "{" and not data)):
            is_bare = True
            data.append(line)
    return name, data


def _tell_error(data: str) -> str:
    """Return a record that reports what an event named "error" says."""
    try:
        error = read_json(data)
    except ValueError:
        error = data
    if isinstance(error, dict) and error.get("error"):
        return data
    return json.dumps({"error": error})
