"""What an object looks like, as a bundle: one representation for each MIME type.

What IPython's formatters return may hold anything. It is converted to what JSON can carry and every
reader can decode.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from ..errors import is_stop
from .events import Bundle, Event, Inline, to_wire
from .wire import find_fault, is_in_range

# The characters that are kept of a text that is too long for the log: of its start, of its end.
HEAD = 1 << 20
TAIL = 1 << 16

# The background that a transparent picture needs to be readable, in Jupyter's metadata.
GROUND = "needs_background"
_MAX_DEPTH = 100
_MAX_DEPTH_OF_TEXT = 300
_CONTAINERS = (dict, list, tuple, set, frozenset)
_LONGEST_INT = 1 << 12


def build_bundle(data: Mapping[str, Any], metadata: Mapping[str, Any] | None = None) -> Bundle:
    """Return the bundle for a formatter's data and metadata, both by MIME type.

    Bytes become base64 text, or the text that they encode if the type is a text type. Metadata that
    is not an object, or not for one of the types, is left out; but that a picture needs a light or
    dark background, which matplotlib says of all types, is said of pictures.
    """
    about = metadata or {}
    return {
        str(mime): Inline(
            data=_clean_data(str(mime), value), metadata=_metadata_of(str(mime), about)
        )
        for mime, value in data.items()
        if value is not None
    }


def clean_json(value: object) -> Any:
    """Return ``value`` as JSON can express it.

    NaN and the infinities become null; numbers that are too great, and keys, become text; bytes
    become base64 text; sets and tuples become lists; NumPy's scalars and arrays become what their
    ``tolist`` returns; anything else becomes its text.
    """
    return _clean(value, ())


def clean_event(event: Event) -> Event:
    """Return the event, or a cleaned copy if it holds what is not allowed on the wire."""
    args = to_wire(event)["args"]
    return event if find_fault(args) is None else type(event).model_validate(clean_json(args))


def clean_text(text: str) -> str:
    """Return ``text`` as every encoder takes it: with lone surrogates written as escapes."""
    if text.isascii():
        # A str subclass may do anything when it is used, so only its content is taken.
        return str.__str__(text)
    return text.encode("utf-8", "backslashreplace").decode()


def describe_gap(count: int) -> str:
    """Return the line that replaces ``count`` characters that were left out."""
    return f"\n[{count:,} characters were left out here]\n"


def shorten(text: str) -> str:
    """Return ``text``, without its middle if it is too long for the log."""
    left_out = len(text) - HEAD - TAIL
    if left_out <= 0:
        return text
    return f"{text[:HEAD]}{describe_gap(left_out)}{text[-TAIL:]}"


def describe_failed_repr(value: object, error: BaseException) -> str:
    """Return what is shown in place of a repr that raised ``error``."""
    return f"<{type(value).__name__}: its repr raised {type(error).__name__}: {safe_str(error)}>"


def safe_str(value: object) -> str:
    """Return the text of ``value``, or a mark if ``__str__``, which is anybody's code, raises."""
    try:
        return clean_text(str(value))
    except BaseException as error:  # there is nothing else left to ask
        if is_stop(error):
            raise
        return f"<{type(value).__name__}: its text raised>"


def _metadata_of(mime: str, about: Mapping[str, Any]) -> dict[str, Any] | None:
    own = about.get(mime)
    metadata = clean_json(own) if isinstance(own, Mapping) else None
    ground = about.get(GROUND)
    if ground in ("light", "dark") and mime.startswith("image/"):
        return {GROUND: ground, **(metadata or {})}
    return metadata


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
    # A container within itself has no end, and readers have a limit on depth.
    if id(value) in above or len(above) > _MAX_DEPTH:
        return _describe_deep(value)
    return _clean_container(value, (*above, id(value)))


def _describe_deep(value: object) -> str:
    """Return the text of a value that may be nested without end: Python's own repr of it takes so
    much of the stack that it ends a Pyodide."""
    nested, seen = [value], {id(value)}
    for _ in range(_MAX_DEPTH_OF_TEXT):
        inner = [one for each in nested for one in _containers_in(each)]
        nested = [one for one in inner if id(one) not in seen]
        seen.update(map(id, nested))
        if not nested:
            return safe_str(value)
    return f"<{type(value).__name__}: it is nested too deep>"


def _containers_in(value: object) -> Iterator[object]:
    items = value.values() if isinstance(value, dict) else value
    if isinstance(items, Iterable) and isinstance(value, _CONTAINERS):
        yield from (one for one in items if isinstance(one, _CONTAINERS))


def _clean_number(number: float) -> int | float | str | None:
    plain = int(number) if isinstance(number, int) else float(number)
    if is_in_range(plain):
        return plain
    if isinstance(plain, int):
        # Python writes at most a few thousand decimal digits, but any number of hexadecimal ones.
        return str(plain) if plain.bit_length() < _LONGEST_INT else hex(plain)
    return repr(plain) if math.isfinite(plain) else None


def _clean_container(value: object, above: tuple[int, ...]) -> Any:
    if isinstance(value, Mapping):
        return {_clean_key(key): _clean(item, above) for key, item in value.items()}
    if isinstance(value, Sequence | Set):
        return _clean_items(value, above)
    # NumPy's types, and those that imitate them; NumPy itself is never imported here.
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
