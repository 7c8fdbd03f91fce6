"""What Python cells print: where it goes, and how much of it."""

from __future__ import annotations

import io
import os
import sys

import pytest

from runt_pyodide.notebook.bundle import HEAD, TAIL
from runt_pyodide.python import streams
from runt_pyodide.python.streams import write_to_streams
from tests.support.stages.python_page import Page, more, result, text


async def test_what_keeps_a_stream_writes_into_the_cell_that_runs(page: Page) -> None:
    await page.run("import sys\nkept = sys.stderr")
    assert await page.run("kept.write('now')") == [
        text(1, 0, "now", "stderr"),
        result(2, 1, {"text/plain": "3"}),
    ]


async def test_what_is_printed_between_cells_goes_where_it_went_before(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = io.StringIO()
    monkeypatch.setattr(sys, "stdout", console)
    await page.run("import sys\nkept = sys.stdout")
    sys.modules["__main__"].kept.write("late")
    assert console.getvalue() == "late"
    assert page.events == []


async def test_a_stream_says_what_it_is(page: Page) -> None:
    source = "import sys\no = sys.stdout\no.encoding, o.errors, o.name, o.writable(), o.isatty()"
    said = "('utf-8', 'backslashreplace', '<stdout>', True, False)"
    assert await page.run(source) == [result(1, 0, {"text/plain": said})]
    assert await page.run("print('\\ud83d', end='')") == [text(1, 0, "\\ud83d")]


async def test_a_stream_takes_text_alone(page: Page) -> None:
    error = await page.fail("import sys\nsys.stdout.write(b'x')")
    assert error.message == "TypeError: write() argument must be str, not bytes"


async def test_long_output_keeps_its_start_and_its_end(page: Page) -> None:
    source = "for number in range(30_000):\n    print(f'{number:99}')"
    events = await page.run(source)
    printed = events[0]["args"]["content"]["data"]
    printed += "".join(event["args"]["delta"]["text"] for event in events[1:])
    everything = "".join(f"{number:99}\n" for number in range(30_000))
    left_out = len(everything) - HEAD - TAIL
    assert printed == (
        everything[:HEAD] + f"\n[{left_out:,} characters were left out here]\n" + everything[-TAIL:]
    )
    assert len(events) < 10


async def test_one_long_text_keeps_its_start_and_its_end(page: Page) -> None:
    added, rest = await page.run(f"print('a' * {HEAD} + 'b' * 99 + 'c' * {TAIL}, end='')")
    assert added == text(1, 0, "a" * HEAD)
    gap = "\n[99 characters were left out here]\n"
    assert rest == more(2, 1, gap + "c" * TAIL)


async def test_what_is_kept_for_the_end_is_cleared_with_the_rest(page: Page) -> None:
    source = (
        "from IPython.display import clear_output\n"
        f"print('a' * {HEAD + TAIL}, end='')\nclear_output()\nprint('b', end='')"
    )
    assert [event["name"] for event in await page.run(source)] == [
        "v1.TerminalOutputAdded",
        "v1.CellOutputsCleared",
        "v1.TerminalOutputAdded",
    ]
    assert page.events[-1] == text(2, 1, "b")


async def test_bytes_are_text_in_utf_8(page: Page) -> None:
    source = (
        "import sys\nout = sys.stdout.buffer\nout.write(b'\\xc3')\nout.write(b'\\xa9\\xff\\x00')\n"
        "out.flush()\nout.write(memoryview(b'\\xe2\\x82'));"
    )
    events = await page.run(source)
    assert events == [text(1, 0, "\u00e9\ufffd\x00"), more(2, 1, "\ufffd")]
    assert await page.run("sys.stdout.buffer.write(b'a');") == [text(1, 0, "a")]


async def test_a_long_text_of_any_characters(page: Page) -> None:
    source = f"print('\\ud83d' * {HEAD + TAIL + 5}, end='')"
    added, rest = await page.run(source)
    assert added == text(1, 0, "\\ud83d" * HEAD)
    assert rest == more(2, 1, "\n[5 characters were left out here]\n" + "\\ud83d" * TAIL)


async def test_what_is_written_to_the_numbers_of_the_streams_reaches_the_cell(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "__stdout__", sys.__stdout__)
    monkeypatch.setattr(sys, "__stderr__", sys.__stderr__)
    monkeypatch.setattr(streams, "_IN_BROWSER", True)
    written: list[tuple[int, object]] = []

    def write(fd: int, data: object, /) -> int:
        written.append((fd, data))
        return 1

    monkeypatch.setattr(os, "write", write_to_streams(write))
    source = (
        "import os, sys\nprint('a')\nn = os.write(1, 'ä'.encode())\nos.write(2, b'b')\n"
        "sys.__stdout__.write('c')\nsys.__stderr__.write('d')\nos.write(7, b'e')\nprint(n)"
    )
    await page.run(source)
    assert page.printed() == "a\näbcd2\n"
    assert written == [(7, b"e")]
