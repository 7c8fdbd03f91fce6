"""Calls and results as bundles, for the page, for the history and for plain readers."""

from __future__ import annotations

from typing import Any

import pytest

from runt_pyodide.ai.record.calls import (
    CallResult,
    build_call,
    build_result,
    call_of,
    fence,
    result_of,
)
from runt_pyodide.ai.record.changes import Change, Snapshot
from runt_pyodide.ai.record.fields import CALL, RESULT, AIRecord, CallData
from runt_pyodide.llm.messages import ToolCall
from runt_pyodide.llm.redaction import Redactor
from runt_pyodide.notebook.events import Artifact, Bundle, Inline
from runt_pyodide.notebook.state.output import Output
from tests.support.notebook.logs import fold, output

CALLED = ToolCall("c1", "look", '{"at": "\u00e9"}')
SOURCE = AIRecord(run_id="q", iteration=2, ai_provider="p", ai_model="m")


def shown(bundle: Bundle) -> Output:
    """The output that shows it."""
    (one,) = fold(output("display", "o", data=bundle)).outputs_of("c")
    return one


def test_a_call_is_read_from_its_output_and_told_in_words() -> None:
    bundle = build_call(CALLED, {"at": "\u00e9"}, SOURCE)
    assert call_of(shown(bundle)) == CallData("c1", "look", {"at": "\u00e9"})
    texts = [bundle[mime].data for mime in ("text/markdown", "text/plain")]  # type: ignore[union-attr]
    assert texts == [
        '**Tool call:** `look`\n\n```json\n{"at": "\u00e9"}\n```',
        'Tool call: look({"at": "\u00e9"})',
    ]
    record = shown(bundle).bundle[CALL].metadata["anode"]  # type: ignore[index]
    assert (record["role"], record["state"], record["iteration"]) == ("function_call", "pending", 2)


def test_arguments_that_are_no_object_stay_as_the_model_wrote_them() -> None:
    bundle = build_call(CALLED, "{not json", SOURCE)
    assert call_of(shown(bundle)) == CallData("c1", "look", "{not json")
    assert shown(bundle).bundle[CALL].metadata["anode"].get("tool_args", {}) == {}  # type: ignore[index]


def test_what_is_written_of_a_result_holds_no_key() -> None:
    key = "sk-proj-0123456789abcdef"
    change = Change("modified", "c", None, Snapshot("code", key, "a", True, True, True))
    shows: Bundle = {
        "text/html": Inline(data=f"<b>{key}</b>"),
        "image/png": Artifact(artifactId="a"),
    }
    told = CallResult(f"key = {key}", bundle=shows, change=change).without_secrets(Redactor([key]))
    assert told.text == "key = [key]"
    assert told.bundle == {
        "text/html": Inline(data="<b>[key]</b>"),
        "image/png": shows["image/png"],
    }
    assert told.change == change


@pytest.mark.parametrize(("failed", "status"), [(False, "success"), (True, "error")])
def test_a_result_is_read_from_its_output(failed: bool, status: str) -> None:
    seen: Bundle = {"image/png": Inline(data="aVZC"), "text/plain": Inline(data="<Figure>")}
    bundle = build_result(CALLED, {}, CallResult("seen", failed, seen), "now", SOURCE)
    result = result_of(shown(bundle))
    assert result is not None
    assert (result.tool_call_id, result.status, result.text) == ("c1", status, "seen")
    # What the tool shows takes the place of the words for plain readers.
    assert bundle["text/plain"] == Inline(data="<Figure>")
    assert list(bundle)[-1] == RESULT


@pytest.mark.parametrize(
    "one",
    [
        output("markdown", "o", data="text"),
        output("result", "o", data={CALL: {"tool_call_id": "c1", "tool_name": "look"}}),
        output("display", "o", data={CALL: Artifact(artifact_id="x")}),
        output("display", "o", data={CALL: {"tool_name": 3}, RESULT: "odd"}),
    ],
)
def test_what_shows_no_call_is_none(one: Any) -> None:
    (read,) = fold(one).outputs_of("c")
    assert call_of(read) is None
    assert result_of(read) is None


@pytest.mark.parametrize(
    ("text", "bar"),
    [("plain", "```"), ("a `b` c", "```"), ("```\nx\n```", "````"), ("`" * 9, "`" * 10)],
)
def test_a_fence_is_longer_than_any_within(text: str, bar: str) -> None:
    assert fence(text, "json") == f"{bar}json\n{text}\n{bar}"
