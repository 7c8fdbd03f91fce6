"""Files within Markdown."""

from __future__ import annotations

from typing import Any

from runt_pyodide.ai.text.inline import part_pictures, restore_files
from runt_pyodide.llm.messages import Image
from runt_pyodide.notebook.state import Cell
from tests.support.pictures import JPEG, PNG, base64_of

LARGE_PNG, LARGE_JPEG = base64_of(PNG + bytes(99)), base64_of(JPEG + bytes(99))

PDF = f"data:application/pdf;base64,{base64_of(b'%PDF-1.7' + bytes(892))}"


def markdown(source: str, attachments: Any = None) -> Cell:
    cell = Cell("m", "markdown", "a", "me", source=source)
    if attachments is not None:
        cell.metadata["ipynb"] = {"added": {"attachments": attachments}}
    return cell


def test_pictures_are_named_in_the_text() -> None:
    text = (
        f"![a](data:image/png;base64,{LARGE_PNG}) and\n"
        f'<img src="DATA:image/png;name=b.jpg;base64,{LARGE_JPEG}">'
    )
    assert part_pictures(markdown(text)) == (
        '![a](picture-1) and\n<img src="picture-2">',
        (Image("image/png", LARGE_PNG), Image("image/jpeg", LARGE_JPEG)),
    )


def test_other_files_are_left_out() -> None:
    told, pictures = part_pictures(
        markdown(f"[report]({PDF}) ![a](data:image/png;base64,{LARGE_PNG})")
    )
    assert told == "[report](file-1) ![a](picture-1)"
    assert len(pictures) == 1


def test_what_a_model_writes_gets_the_files_back() -> None:
    original = f"![a](data:image/png;base64,{LARGE_PNG}) and [report]({PDF})"
    told, _ = part_pictures(markdown(original))
    assert restore_files(told, markdown(original)) == original
    written = "# Title\n\n[the report](file-1), picture-2, my-picture-10"
    assert restore_files(written, markdown(original)) == written.replace("file-1", PDF)
    assert restore_files("picture-1", markdown("no picture")) == "picture-1"


def test_short_ones_and_text_stay() -> None:
    for text in ("", "data:image/png;base64,AAAA", "data:text/plain,hello", "x" * 999):
        assert part_pictures(markdown(text)) == (text, ())


def test_what_is_attached_is_told_as_what_is_within() -> None:
    attachments = {
        "a.png": {"image/png": LARGE_PNG},
        "a.png b.jpg": {"image/jpeg": LARGE_JPEG},
        "unused.png": {"image/png": LARGE_PNG},
        "text.txt": {"text/plain": "x"},
    }
    source = (
        f"![](attachment:a.png%20b.jpg) ![](attachment:a.png) ![](attachment:a.png) "
        f"![](data:image/png;base64,{LARGE_PNG}) attachment:text.txt attachment:absent.png"
    )
    cell = markdown(source, attachments)
    told, pictures = part_pictures(cell)
    assert told == (
        "![](picture-1) ![](picture-2) ![](picture-2) ![](picture-3) "
        "attachment:text.txt attachment:absent.png"
    )
    png = Image("image/png", LARGE_PNG)
    assert pictures == (Image("image/jpeg", LARGE_JPEG), png, png)
    assert restore_files(told, cell) == source


def test_attachments_of_another_shape_are_passed_over() -> None:
    source = "![](attachment:a.png)"
    for attachments in (7, ["a.png"], {"a.png": LARGE_PNG}, {"a.png": {"image/png": 7}}):
        assert part_pictures(markdown(source, attachments)) == (source, ())
    cell = markdown(source)
    cell.metadata["ipynb"] = "text"
    assert part_pictures(cell) == (source, ())
