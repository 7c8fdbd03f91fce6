"""Requests and responses."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from runt_pyodide.llm.transport.base import Request, Response


@pytest.mark.parametrize(
    ("limit", "whole"), [(100, b"abcdef"), (6, b"abcdef"), (4, b"abcd"), (0, b"")]
)
async def test_a_body_is_read_to_its_end_or_to_a_limit(limit: int, whole: bytes) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"abc", b"", b"def"):
            yield piece

    assert await Response(200, {}, pieces()).read(limit) == whole


def test_a_request_does_not_show_its_key() -> None:
    request = Request("POST", "http://x", {"Authorization": "Bearer sk-1"}, b"sk-1")
    assert "sk-1" not in repr(request)
