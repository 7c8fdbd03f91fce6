"""Headers, parameters and bodies of one's own."""

from __future__ import annotations

import re

import pytest

from runt_pyodide.llm import redaction
from runt_pyodide.llm.access import fields
from runt_pyodide.llm.access.fields import (
    HIDDEN,
    check_headers,
    hide_body,
    hide_fields,
    merge_body,
    merge_headers,
    secrets_of_body,
)
from scripts.paths import ROOT


def test_headers_lose_what_was_copied_with_them() -> None:
    assert check_headers({" X-Team:": " blue\u200b\n"}) == {"X-Team": "blue"}


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Authorization: Bearer hush": ""}, "the name of a header holds COLON (U+003A)"),
        ({"X Team": "hush"}, "the name of a header holds a blank (U+0020)"),
        ({"X-\u00e9": "hush"}, "the name of a header holds LATIN SMALL LETTER E WITH ACUTE"),
        ({" ": "hush"}, "a header has no name"),
        ({"X-Team": "hush", "x-team": "hush"}, "the header 'x-team' is given twice"),
        ({"X-Team": "hush\r\nX-Other: 1"}, "the header 'X-Team' holds a line end"),
        ({"X-Team": "hush\u00e9"}, "the header 'X-Team' holds LATIN SMALL LETTER E WITH ACUTE"),
        ({"cookie": "hush"}, "a browser does not let a page send the header 'cookie'"),
        ({"Sec-Fetch-Mode": "hush"}, "a browser does not let a page send the header"),
    ],
)
def test_a_header_that_cannot_be_sent_is_refused_without_its_value(
    headers: dict[str, str], said: str
) -> None:
    with pytest.raises(ValueError, match="header") as caught:
        check_headers(headers)
    assert said in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_header_of_one_s_own_replaces_ours_in_any_case() -> None:
    ours = {"Content-Type": "application/json", "Authorization": "Bearer a"}
    merged = merge_headers(ours, {"authorization": "Key b", "X-Team": "blue"})
    assert merged == {
        "Content-Type": "application/json",
        "authorization": "Key b",
        "X-Team": "blue",
    }


def test_objects_of_a_body_are_merged_and_all_else_is_replaced() -> None:
    body = {"options": {"num_ctx": 4096}, "stop": ["a"], "seed": 1}
    extra = {
        "options": {"num_gpu": 1},
        "stop": [],
        "seed": {"x": 1},
        "new": None,
        "top": {"a": None},
    }
    assert merge_body(body, extra) == {
        "options": {"num_ctx": 4096, "num_gpu": 1},
        "stop": [],
        "seed": {"x": 1},
        "top": {},
    }
    assert merge_body(body, {"seed": None, "options": {"num_ctx": None}}) == {
        "options": {},
        "stop": ["a"],
    }
    assert body["options"] == {"num_ctx": 4096}


def test_secrets_are_hidden_by_their_names() -> None:
    fields = {"X-Api-Key": "a", "sig": "b", "X-Session": "c", "api-version": "1", "X-Team": "d"}
    assert hide_fields(fields) == {
        **dict.fromkeys(("X-Api-Key", "sig", "X-Session"), HIDDEN),
        "api-version": "1",
        "X-Team": "d",
    }


def test_secrets_of_a_body_are_those_of_its_objects_and_lists() -> None:
    body = {"max_tokens": 5, "api_key": "a", "to": [{"accessToken": "b"}], "tokenizer": "x"}
    hidden = {**body, "api_key": HIDDEN, "to": [{"accessToken": HIDDEN}]}
    assert hide_body(body) == hidden
    assert secrets_of_body(body) == ["a", "b"]


def test_the_page_hides_the_same_names() -> None:
    source = (ROOT / "web/providers/extra.js").read_text("utf-8")
    patterns = re.findall(r"^const SECRET\w* =\s+/(.*)/i;$", source, re.MULTILINE)
    assert patterns == [redaction._SECRET_NAMES.pattern, fields._SECRET_IN_BODY.pattern]
