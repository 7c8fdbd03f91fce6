"""Pictures for models: the kinds that services take, told apart by their first bytes."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode

from .messages import Image

LARGEST = 4 << 20
"""The most base64 text of a picture that all services take. Source: Groq and Azure, 4 MB for a
request's base64 picture; others take more."""

_HEAD = 24  # base64 characters, which are more than the bytes that tell a kind
_TOLD = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
"""The kinds that services take (OpenAI, Ollama), the preferred first."""


def find_type(data: bytes) -> str | None:
    """Return the MIME type of a picture of one of `IMAGE_TYPES`, None for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _TOLD if data.startswith(start)), None)


def image_of(data: bytes) -> Image | None:
    """Return the picture that a file of these bytes holds; None if it is not of a known kind."""
    kind = find_type(data)
    return None if kind is None else Image(kind, b64encode(data).decode())


def read_image(text: str) -> Image | None:
    """Return the picture that base64 text holds, whatever anybody says it is; None if it is not
    base64, not of a known kind, or larger than `LARGEST`."""
    data = "".join(text.split())
    if not data or len(data) > LARGEST:
        return None
    try:
        kind = find_type(b64decode(data[:_HEAD], validate=True))
        b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
    return None if kind is None else Image(kind, data)
