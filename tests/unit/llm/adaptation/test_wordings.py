"""What services said of requests, word for word, and what each means."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runt_pyodide.errors import (
    AuthenticationError,
    ContextLengthError,
    CutStreamError,
    NetworkError,
    ProviderError,
    RateLimitError,
    ServerError,
)
from runt_pyodide.llm.adaptation.wordings import refused_by_words
from runt_pyodide.llm.openai.parameters import find_refused
from runt_pyodide.llm.service_errors import error_of_complaint, error_of_status, read_complaint
from tests.support.data import DATA

SAID: list[dict[str, Any]] = json.loads((DATA / "requests/refusals.json").read_text("utf-8"))


def names_of(error: ProviderError) -> list[str]:
    return [*dict.fromkeys((*refused_by_words(error), *find_refused(error, {}, ())))]


@pytest.mark.parametrize(
    "said", SAID, ids=[f"{n}-{one['source'][:30]}" for n, one in enumerate(SAID)]
)
def test_what_a_refusal_is_about(said: dict[str, Any]) -> None:
    if said["status"] == 200:
        error = error_of_complaint(read_complaint(said["body"]))
    else:
        error = error_of_status(said["status"], {}, json.dumps(said["body"]).encode())
    assert names_of(error)[: len(said["refused"]) or None] == said["refused"]


def test_errors_that_are_no_matter_of_the_request() -> None:
    words = "This model does not support tools"
    for kind in (AuthenticationError, ContextLengthError, NetworkError, RateLimitError):
        assert not [*refused_by_words(kind(words))]
    for other in (ServerError, CutStreamError):
        assert [*refused_by_words(other(words))] == ["tools"]


def test_words_of_any_length_are_read_in_no_time() -> None:
    for unit in ("tools ", "content is ", "role ", "reasoning_content ", "does not support the "):
        assert "images" not in [*refused_by_words(ServerError(unit * 100_000))]
