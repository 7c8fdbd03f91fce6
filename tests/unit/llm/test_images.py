"""The kinds of pictures, found by their bytes."""

from __future__ import annotations

import pytest

from runt_pyodide.llm.images import LARGEST, find_type, image_of, read_image
from runt_pyodide.llm.messages import Image
from tests.support.pictures import BMP, GIF, JPEG, PNG, WEBP, base64_of


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (WEBP, "image/webp"),
        (BMP, None),
        (b"RIFF\x1a\x00\x00\x00WAVE", None),
        (b"<svg/>", None),
        (PNG[:7], None),
        (b"", None),
    ],
)
def test_a_kind_is_found_by_the_first_bytes(data: bytes, kind: str | None) -> None:
    assert find_type(data) == kind
    expected = None if kind is None else Image(kind, base64_of(data))
    assert image_of(data) == expected
    assert read_image(base64_of(data)) == expected


def test_base64_may_have_line_breaks() -> None:
    text = base64_of(PNG)
    assert read_image(f" {text[:20]}\n{text[20:]}\n") == Image("image/png", text)


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", base64_of(PNG)[:-1], base64_of(PNG) + "é", f"data:image/png,{base64_of(PNG)}"],
)
def test_what_is_not_base64_is_no_picture(text: str) -> None:
    assert read_image(text) is None


def test_a_picture_may_be_as_large_as_services_take() -> None:
    data = PNG + bytes(LARGEST * 3 // 4 - len(PNG))
    assert read_image(base64_of(data)) is not None
    assert read_image(base64_of(data + b"x")) is None
