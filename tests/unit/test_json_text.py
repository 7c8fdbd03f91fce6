"""JSON text that others wrote: read whatever it holds, and refused if it is nested too deeply."""

from __future__ import annotations

import json

import pytest

from runt_pyodide.json_text import MAX_DEPTH, read_json, split_array


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2.5e3, null, true, "\\u00e9\\n"]}',
        '"\\ud83d"',
        '"\\ud83d\\ude00"',
        "123456789012345678901234567890",
        "[NaN]",
        "[" * MAX_DEPTH + "]" * MAX_DEPTH,
        json.dumps({"text": "[" * 1000 + '"' + "{" * 1000}),
        json.dumps({"half": "\ud83d", "text": "[" * 1000 + '"' + "{" * 1000}),
    ],
)
def test_it_reads_what_pythons_own_parser_reads(text: str) -> None:
    assert repr(read_json(text)) == repr(json.loads(text))
    assert repr(read_json(text.encode())) == repr(json.loads(text))


@pytest.mark.parametrize("text", ["", "{", '{"a": 1,}', "no", '"\\ud83d', "[" * 9, b"\xff"])
def test_what_is_not_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"line|utf-8|codec"):
        read_json(text)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 200_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a": ', "}"), ('[{"a": ', "}]")])
def test_what_is_too_deep_is_refused(opened: str, closed: str, depth: int) -> None:
    with pytest.raises(ValueError, match="nested more than 250 deep"):
        read_json(opened * depth + "1" + closed * depth)


@pytest.mark.parametrize(
    "items",
    [
        ['{"a": [1, 2]}', '"x,]"', '"\\"[,"', "[[], {}]", "null"],
        ['"\\\\"', "1.5e3", "[[[]]]"],
        ["{}"],
    ],
)
def test_an_array_is_split_into_its_items(items: list[str]) -> None:
    assert list(split_array(f"[{','.join(items)}]")) == items
