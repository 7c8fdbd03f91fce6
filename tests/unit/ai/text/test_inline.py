"""Files within Markdown."""

from __future__ import annotations

from runt_pyodide.ai.text.inline import part_pictures, restore_files
from runt_pyodide.llm.messages import Image
from tests.support.pictures import JPEG, PNG, base64_of

LARGE_PNG, LARGE_JPEG = base64_of(PNG + bytes(99)), base64_of(JPEG + bytes(99))

PDF = f"data:application/pdf;base64,{base64_of(b'%PDF-1.7' + bytes(892))}"


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
    told, pictures = part_pictures(f"[report]({PDF}) ![a](data:image/png;base64,{LARGE_PNG})")
    assert told == "[report](file-1) ![a](picture-1)"
    assert len(pictures) == 1


def test_what_a_model_writes_gets_the_files_back() -> None:
    original = f"![a](data:image/png;base64,{LARGE_PNG}) and [report]({PDF})"
    told, _ = part_pictures(original)
    assert restore_files(told, original) == original
    written = "# Title\n\n[the report](file-1), picture-2, my-picture-10"
    assert restore_files(written, original) == written.replace("file-1", PDF)
    assert restore_files("picture-1", "no picture") == "picture-1"


def test_short_ones_and_text_stay() -> None:
    for text in ("", "data:image/png;base64,AAAA", "data:text/plain,hello", "x" * 999):
        assert part_pictures(text) == (text, ())
