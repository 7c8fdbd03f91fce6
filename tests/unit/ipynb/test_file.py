"""The bytes of a notebook's file."""

from __future__ import annotations

import pytest

from runt_pyodide.errors import FileError
from runt_pyodide.ipynb import decode_file
from tests.support.ipynb.here import Fault, read_here


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_any_encoding_that_says_what_it_is(encoding: str) -> None:
    assert decode_file("caf\u00e9 \U0001f600".encode(encoding)) == "caf\u00e9 \U0001f600"


@pytest.mark.parametrize(
    "data", ["caf\u00e9".encode("latin-1"), b"\x89PNG\r\n\x1a\n", b"\xff\xfe\x00"]
)
def test_other_bytes_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(FileError, match="not text in UTF-8"):
        decode_file(data)


def test_what_is_nested_too_deep_is_said() -> None:
    text = '{"nbformat": 4, "cells": [], "a": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert read_here(text) == Fault("This file is nested too deep to be read as a notebook.")
