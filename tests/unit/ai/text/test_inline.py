"""Files within Markdown."""

from __future__ import annotations

from runt_pyodide.ai.text.inline import part_pictures
from runt_pyodide.llm.messages import Image
from tests.support.pictures import JPEG, PNG, base64_of

LARGE_PNG, LARGE_JPEG = base64_of(PNG + bytes(99)), base64_of(JPEG + bytes(99))


def test_pictures_are_named_in_the_text() -> None:
    text = (
        f"![a](data:image/png;base64,{LARGE_PNG}) and\n"
        f'<img src="DATA:image/png;name=b.jpg;base64,{LARGE_JPEG}">'
    )
    assert part_pictures(text) == (
        '![a](picture-1) and\n<img src="picture-2">',
        (Image("image/png", LARGE_PNG), Image("image/jpeg", LARGE_JPEG)),
    )


def test_other_files_are_left_out() -> None:
    data = base64_of(b"%PDF-1.7" + bytes(892))
    told, pictures = part_pictures(f"[report](data:application/pdf;base64,{data})")
    assert told == "[report]([a file: 1,200 characters left out])"
    assert pictures == ()


def test_short_ones_and_text_stay() -> None:
    for text in ("", "data:image/png;base64,AAAA", "data:text/plain,hello", "x" * 999):
        assert part_pictures(text) == (text, ())
