"""The words of web pages."""

from __future__ import annotations

import time

import pytest

from runt_pyodide.llm.complaints.page import is_page, read_page


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><head><title>x | 521: Web server is down</title>", "x | 521: Web server is down"),
        ("<TITLE class='a'>Bad\n Gateway</TITLE><p>more", "Bad Gateway"),
        ("<title>404 &amp; gone</title>", "404 & gone"),
        ("<title></title><h1>Not here</h1>", "Not here"),
        ("<html><style>p { color: red }</style><script>x = 1</script><p>Words", "Words"),
        ("<html><script>never closed", ""),
        ("plain <b>words</b>", "plain words"),
        ("", ""),
    ],
)
def test_the_title_counts_before_the_words(page: str, words: str) -> None:
    assert read_page(page) == words


@pytest.mark.parametrize("text", ["<!DOCTYPE html>", "<html lang='en'>", "<h1>x", "<p>x"])
def test_pages_are_known_by_their_first_tag(text: str) -> None:
    assert is_page(text)


@pytest.mark.parametrize("text", ["x <html>", "<function=weather>", "<think>", "{}", ""])
def test_other_texts_are_none(text: str) -> None:
    assert not is_page(text)


@pytest.mark.parametrize(
    "unit", ["<", "<a ", "<title>", "<title", "<script>", "<style", "</script", "&lt", "<!--", ">"]
)
def test_a_page_of_any_form_is_read_in_linear_time(unit: str) -> None:
    began = time.process_time()
    read_page(unit * ((4 << 20) // len(unit)))
    assert time.process_time() - began < 2
