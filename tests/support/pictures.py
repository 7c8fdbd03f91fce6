"""The smallest pictures of each kind that models take, and others."""

from __future__ import annotations

from base64 import b64encode

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8cfc0f01f0005000180b6a5a4570000000049454e44ae426082"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(16)
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L" + bytes(16)
BMP = b"BM" + bytes(56)


def base64_of(data: bytes) -> str:
    return b64encode(data).decode()
