"""Builds the result of a call from what a function returned or raised."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from traceback import TracebackException
from typing import Any

from pydantic import BaseModel

from ...notebook.bundle import build_bundle, clean_text, describe_failed_repr, safe_str
from ...notebook.events import Bundle
from ..text import sizes
from ..text.output import clip, images_in
from ..tool import ToolResult

# The most characters of JSON made of a value; the model reads an excerpt.
_MOST_JSON = 80_000
# The methods of IPython's rich display, and the type of what each returns.
_SHOWN = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
}
_PACKAGE = str(Path(__file__).parents[2])


def result_of(value: object) -> ToolResult:
    """Return the result for a value: text and JSON as they are, anything else as its repr; with its
    rich repr, if it has one."""
    bundle = _show(value)
    text, _ = clip(clean_text(_text_of(value)), sizes.TOOL_RESULT)
    return ToolResult(text, bundle=bundle, images=images_in(bundle))


def failure_of(error: BaseException) -> ToolResult:
    """Return the result for an error: the traceback, without the frames of this package."""
    report = TracebackException.from_exception(error)
    report.stack[:] = [one for one in report.stack if not one.filename.startswith(_PACKAGE)]
    lines = "".join(report.format() if report.stack else report.format_exception_only())
    text, _ = clip(clean_text(lines).rstrip("\n"), sizes.TOOL_RESULT)
    return ToolResult(text, failed=True)


def _text_of(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        if isinstance(value, BaseModel):
            return value.model_dump_json()
        if isinstance(value, Mapping | list | tuple | int | float | None) or _is_number(value):
            return _to_json(value)
    except (TypeError, ValueError, RecursionError):
        pass  # it holds what JSON cannot express
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 -- the error is reported in place of the repr
        return describe_failed_repr(value, error)


def _to_json(value: object) -> str:
    """Return JSON text, but not much more of it than the model reads: a value may be huge."""
    try:
        return _encode_part(value)
    except TypeError:  # keys that are numbers of NumPy's
        return _encode_part(_name_keys(value))


def _encode_part(value: object) -> str:
    encoder = json.JSONEncoder(ensure_ascii=False, default=_encode)
    parts, length = [], 0
    for part in encoder.iterencode(value):
        parts.append(part)
        length += len(part)
        if length > _MOST_JSON:
            parts.append(" [and more, which was not looked at]")
            break
    return "".join(parts)


def _encode(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    number: Any = value
    return number.item() if _is_number(value) else safe_str(value)


def _is_number(value: Any) -> bool:
    """Return whether the value is a scalar of NumPy's, or of an array library like it, that is a
    number or a truth value: its ``item`` is Python's own."""
    try:
        is_scalar = not isinstance(value, type) and value.shape == () and value.dtype is not None
        return is_scalar and isinstance(value.item(), bool | int | float)
    except Exception:  # noqa: BLE001 -- anybody's object, which may lack these or raise anything
        return False


def _name_keys(value: Any) -> Any:
    """Return the value with such numbers as Python's own if they are keys, which JSON cannot
    express otherwise."""
    if isinstance(value, Mapping):
        plain = ((k.item() if _is_number(k) else k, _name_keys(v)) for k, v in value.items())
        return dict(plain)
    if isinstance(value, list | tuple):
        return [_name_keys(one) for one in value]
    return value


def _show(value: object) -> Bundle:
    """Return what an object's rich display methods return; one that raises counts as absent."""
    if isinstance(value, type):
        return {}
    data: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    for method, mime in _SHOWN.items():
        shown, about = _call(value, method)
        if shown is not None:
            data[mime] = shown
            metadata[mime] = about
    shown, about = _call(value, "_repr_mimebundle_")
    if isinstance(shown, Mapping):
        data |= shown
        metadata |= about if isinstance(about, Mapping) else {}
    data.pop("text/plain", None)
    return build_bundle(data, metadata)


def _call(value: object, method: str) -> tuple[Any, Any]:
    """Return what a method gives, and its metadata."""
    try:
        given = getattr(value, method)()
    except Exception:  # noqa: BLE001 -- anybody's code, which may be absent or raise anything
        return None, None
    return given if isinstance(given, tuple) and len(given) == 2 else (given, None)
