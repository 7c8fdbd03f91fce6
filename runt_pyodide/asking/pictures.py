"""Pictures from Python values: files, bytes, plots, and whatever else shows itself as a picture."""

from __future__ import annotations

import os
import re
import sys
from base64 import b64decode
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from ..arguments import show
from ..errors import ArgumentError, CellError
from ..llm.images import LARGEST, find_type, image_of
from ..llm.messages import Image

_DATA_URL = re.compile(r"data:[^,]*?(;base64)?,", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_MOST_BYTES = LARGEST * 3 // 4
# Pixels of the longest side: OpenAI makes a larger picture as small as this before the model sees
# it, other services smaller still (OpenAI's guide to vision).
_LONGEST = 2048
_SINGLE = (str, bytes, bytearray, memoryview, os.PathLike, Image, Mapping)


def read_pictures(values: Any) -> tuple[Image, ...]:
    """Return pictures for a model: of a picture, or of an iterable of some; see `read_picture`."""
    if values is None:
        return ()
    is_single = isinstance(values, _SINGLE) or not isinstance(values, Iterable)
    return tuple(map(read_picture, [values] if is_single else values))


def find_pictures(name: str, namespace: Mapping[str, object]) -> tuple[Image, ...]:
    """Return the pictures that a variable or a file holds. Raise CellError."""
    value: Any = Path(name)
    if name in namespace:
        value = namespace[name]
    elif not value.is_file():
        raise CellError(
            f"%%ai: there is no variable and no file {name!r} for --image.",
            advice="Name a variable that a cell above has set, or write the path of a file.",
        )
    try:
        return read_pictures(value)
    except Exception as error:  # noqa: BLE001 -- the user's own object may draw itself
        raise CellError(f"%%ai: {name!r} cannot be shown to a model. {error}") from None


def read_picture(value: Any) -> Image:
    """Return a picture for a model.

    ``value`` is the path of a file, a data: URL, the bytes of a file, an `Image`, a PIL image, a
    matplotlib figure or axes, or an object that Jupyter shows as PNG or JPEG. What models do not
    take, or not in this size, is converted if Pillow is installed.

    Raise ArgumentError for other values, if the content is not a picture that models take, or if a
    file cannot be read.
    """
    data = _read(value)
    if data is None:
        raise ArgumentError(
            f"A value of the type {type(value).__name__!r} is not a picture: give a path, bytes, a "
            "data: URL, a PIL image, a figure, or an object that Jupyter shows as PNG or JPEG."
        )
    kind = find_type(data)
    if kind is None or len(data) > _MOST_BYTES:
        data = _convert(data, _name(value))
    image = image_of(data)
    assert image is not None, "Pillow writes what was asked for"
    return image


def _read(value: Any) -> bytes | None:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, Image):
        return b64decode(value.data)
    if isinstance(value, str):
        return _read_text(value)
    if isinstance(value, os.PathLike):
        return _read_file(value)
    return None if isinstance(value, type) else _draw(value)


def _read_text(text: str) -> bytes:
    if found := _DATA_URL.match(text):
        data = unquote_to_bytes(text[found.end() :])
        return _decode(data) if found[1] else data
    if _ADDRESS.match(text):
        raise ArgumentError(
            f"Pictures are not downloaded from addresses: {text[:80]!r}.",
            advice="Download it first, and give the path of the file, or its bytes.",
        )
    return _read_file(text)


def _decode(data: bytes) -> bytes:
    try:
        return b64decode(data)
    except ValueError:
        raise ArgumentError(
            "The base64 of a data: URL is damaged.", advice="Copy it once more, or give the file."
        ) from None


def _read_file(path: str | os.PathLike[Any]) -> bytes:
    """Return the bytes of a file. Raise ArgumentError if it cannot be read."""
    try:
        return Path(os.fsdecode(path)).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ArgumentError(
            f"The picture {show(os.fspath(path))} cannot be read ({reason}).",
            advice="Check the path.",
        ) from None


def _draw(value: Any) -> bytes | None:
    """Return an object as PNG or JPEG; None if it cannot be shown like this."""
    pillow = sys.modules.get("PIL.Image")
    if pillow is not None and isinstance(value, pillow.Image):
        return _save(value)
    for method in ("_repr_png_", "_repr_jpeg_"):
        shown = _call(value, method)
        # IPython's own return the metadata too, and base64.
        shown = shown[0] if isinstance(shown, tuple) else shown
        if isinstance(shown, bytes | str) and shown:
            return shown if isinstance(shown, bytes) else b64decode(shown)
    figure = _call(value, "get_figure") or value
    if not callable(getattr(figure, "savefig", None)):
        return None
    buffer = BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return buffer.getvalue()


def _call(value: Any, method: str) -> Any:
    found = getattr(value, method, None)
    return found() if callable(found) else None


def _convert(data: bytes, name: str) -> bytes:
    """Return the picture as models take it. Raise ArgumentError if that takes Pillow, and it is not
    installed, or cannot read the picture."""
    megabytes = f"{len(data) / 2**20:.1f} MB large, and models take {_MOST_BYTES >> 20} MB"
    problem = "not a PNG, JPEG, GIF or WebP picture" if find_type(data) is None else megabytes
    try:
        from PIL import Image as pillow
        from PIL import ImageOps
    except ImportError:
        raise ArgumentError(
            f"{name} is {problem}: convert it, or install Pillow, with which this is done for you."
        ) from None
    try:
        with pillow.open(BytesIO(data)) as opened:
            # A camera's file says which side is up, and what is written here does not.
            return _save(ImageOps.exif_transpose(opened))
    except OSError:
        raise ArgumentError(f"{name} is {problem}, and Pillow cannot read it.") from None


def _save(picture: Any) -> bytes:
    """Return a PIL image as PNG, or as JPEG if that would be too large."""
    if max(picture.size) > _LONGEST:
        picture = picture.copy()
        picture.thumbnail((_LONGEST, _LONGEST))
    buffer = BytesIO()
    mode = picture.mode if picture.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else "RGB"
    picture.convert(mode).save(buffer, format="PNG")
    if buffer.tell() > _MOST_BYTES:
        buffer = BytesIO()
        picture.convert("RGB").save(buffer, format="JPEG", quality=85)
    return buffer.getvalue()


def _name(value: Any) -> str:
    """Return what an error calls a picture."""
    if isinstance(value, str) and not _DATA_URL.match(value):
        return repr(value)
    return repr(os.fspath(value)) if isinstance(value, os.PathLike) else "This picture"
