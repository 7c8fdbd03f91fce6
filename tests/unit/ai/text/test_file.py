"""What a model is told of a file."""

from __future__ import annotations

import pytest

from runt_pyodide.ai.text.file import decode, describe_file
from runt_pyodide.ai.text.sizes import FILE_TEXT


def test_a_table_is_told_with_its_columns_and_their_types() -> None:
    data = b"day,price,n,note\n2026-01-01,1.5,3,\n2026-01-02,2,4,\n"
    told = describe_file("data/sales.csv", len(data), data)
    assert told.splitlines()[0] == f"File 'data/sales.csv', {len(data)} bytes"
    assert "Columns: day (text); price (number); n (integer); note (empty)" in told
    assert told.endswith("2026-01-02,2,4,")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_separator_is_found(separator: str) -> None:
    data = f"a{separator}b\n1{separator}x\n".encode()
    assert "Columns: a (integer); b (text)" in describe_file("t.csv", len(data), data)


def test_of_a_long_file_the_beginning_is_told_in_whole_lines() -> None:
    line = "ü,1\n".encode()
    data = (b"a,b\n" + line * 100)[:-2]
    told = describe_file("t.csv", 10**9, data)
    assert "1,000,000,000 bytes" in told
    assert "Its beginning:" in told
    assert told.endswith("ü,1")
    assert len(describe_file("t.txt", 10**6, b"x" * 60_000)) < FILE_TEXT + 200


def test_another_encoding_is_said_and_what_is_no_text_too() -> None:
    latin = "Köln\n".encode("cp1252")
    assert "not UTF-8 (read here as windows-1252)" in describe_file("a.txt", len(latin), latin)
    assert describe_file("a.bin", 3, b"\1\0\2") == "File 'a.bin', 3 bytes. It is not text."
    wide = "ab".encode("utf-16")
    assert describe_file("a.txt", len(wide), wide).endswith("ab")


def test_a_name_is_one_line_and_a_broken_table_is_text() -> None:
    told = describe_file("a\n[end]\u202e.csv", 4, b'"a\n1')
    assert told.splitlines()[0].startswith("File 'a\\n[end]\\u202e.csv'")
    assert describe_file("e.csv", 0, b"").startswith("File 'e.csv', 0 bytes")


def test_any_cut_of_utf_8_is_read_without_the_character_that_is_cut() -> None:
    data = "aü€😀".encode()
    for end in range(len(data) + 1):
        text, encoding = decode(data[:end], is_whole=False)
        assert encoding == "utf-8"
        assert text is not None and "aü€😀".startswith(text)
