"""What an object looks like, as a bundle: one representation for each MIME type.

It takes what IPython's formatters give, in which anything may stand, and makes of it what JSON can
carry and every reader can decode.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from .events import Bundle, Event, Inline, to_wire
from .wire import find_fault, is_in_range

# How many characters are kept of a text that is too long for the log: from its start, from its end.
HEAD = 1 << 20
TAIL = 1 << 16

_MAX_DEPTH = 100
_LONGEST_INT = 1 << 12


def build_bundle(data: Mapping[str, Any], metadata: Mapping[str, Any] | None = None) -> Bundle:
    """The bundle of what a formatter gave: data by MIME type, and metadata by MIME type.

    Bytes become base64 text, but the text that they encode where the type is one of text. Metadata
    that is not an object of one of the types is left out.
    """
    about = metadata or {}
    return {
        str(mime): Inline(
            data=_clean_data(str(mime), value),
            metadata=clean_json(about[mime]) if isinstance(about.get(mime), Mapping) else None,
        )
        for mime, value in data.items()
        if value is not None
    }


def clean_json(value: object) -> Any:
    """``value`` as JSON can say it.

    NaN and the infinities become null, numbers that are too great text, bytes base64 text, keys
    text, sets and tuples lists; NumPy's scalars and arrays what their ``tolist`` gives; anything
    else its text.
    """
    return _clean(value, ())


def clean_event(event: Event) -> Event:
    """The event itself, or one like it if it holds what may not stand on the wire."""
    args = to_wire(event)["args"]
    return event if find_fault(args) is None else type(event).model_validate(clean_json(args))


def clean_text(text: str) -> str:
    """``text`` as every encoder takes it: a lone surrogate is written as its escape."""
    if text.isascii():
        # A str subclass may do anything when it is used; what it holds is enough.
        return str.__str__(text)
    return text.encode("utf-8", "backslashreplace").decode()


def describe_gap(count: int) -> str:
    """The line that stands where ``count`` characters were left out."""
    return f"\n[{count:,} characters were left out here]\n"


def shorten(text: str) -> str:
    """``text``, without its middle where it is too long for the log."""
    left_out = len(text) - HEAD - TAIL
    if left_out <= 0:
        return text
    return f"{text[:HEAD]}{describe_gap(left_out)}{text[-TAIL:]}"


def describe_failed_repr(value: object, error: Exception) -> str:
    """What stands in the place of a repr that raised ``error``."""
    return f"<{type(value).__name__}: its repr raised {type(error).__name__}: {safe_str(error)}>"


def safe_str(value: object) -> str:
    """The text of ``value``, or a sign that it has none: ``__str__`` is anybody's code."""
    try:
        return clean_text(str(value))
    except Exception:  # noqa: BLE001 -- there is nothing else left to ask
        return f"<{type(value).__name__}: its text raised>"


def _clean_data(mime: str, value: object) -> Any:
    kind = mime.partition(";")[0].strip()
    if isinstance(value, str):
        text = clean_text(value)
        return shorten(text) if kind == "text/plain" else text
    if not kind.startswith("text/") and kind != "image/svg+xml":
        return clean_json(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return safe_str(value)


def _clean(value: object, above: tuple[int, ...]) -> Any:
    match value:
        case None | bool():
            return value
        case str():
            return clean_text(value)
        case int() | float():
            return _clean_number(value)
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(value).decode("ascii")
    # A container within itself has no end, and readers have a limit of depth.
    if id(value) in above or len(above) > _MAX_DEPTH:
        return safe_str(value)
    return _clean_container(value, (*above, id(value)))


def _clean_number(number: float) -> int | float | str | None:
    plain = int(number) if isinstance(number, int) else float(number)
    if is_in_range(plain):
        return plain
    if isinstance(plain, int):
        # Python writes no more than some thousand digits, but any number of hexadecimal ones.
        return str(plain) if plain.bit_length() < _LONGEST_INT else hex(plain)
    return repr(plain) if math.isfinite(plain) else None


def _clean_container(value: object, above: tuple[int, ...]) -> Any:
    if isinstance(value, Mapping):
        return {_clean_key(key): _clean(item, above) for key, item in value.items()}
    if isinstance(value, Sequence | Set):
        return _clean_items(value, above)
    # NumPy's types, and what is made like them; never imported here.
    if callable(tolist := getattr(value, "tolist", None)):
        return _clean(tolist(), above)
    return safe_str(value)


def _clean_items(items: Iterable[object], above: tuple[int, ...]) -> list[Any]:
    return [_clean(item, above) for item in items]


def _clean_key(key: object) -> str:
    match key:
        case str():
            return clean_text(key)
        case True | False | None:
            # As the json module writes them.
            return {True: "true", False: "false", None: "null"}[key]
    return safe_str(key)
