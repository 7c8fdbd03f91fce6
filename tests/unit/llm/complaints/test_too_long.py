"""A prompt that is too long, in the words of many services, and what only sounds like it.

They are in tests/data/too-long.tsv. Source of each: the service's documentation or code, or an
issue of a project that uses it, read in November 2026.
"""

from __future__ import annotations

import pytest

from runt_pyodide.llm.complaints.complaint import Complaint, read_complaint
from runt_pyodide.llm.complaints.too_long import TooLong, find_too_long
from tests.support.data import DATA


def read_number(text: str) -> int | None:
    return None if text == "?" else int(text)


_ROWS = [line.split("\t") for line in (DATA / "too-long.tsv").read_text("utf-8").splitlines()[1:]]
# The words, the window that they name, and how much was asked for; "?" for what they do not say.
TOO_LONG = [(said, *map(read_number, numbers)) for *numbers, said in _ROWS if numbers != ["-", "-"]]
OTHER = [said for *numbers, said in _ROWS if numbers == ["-", "-"]]


@pytest.mark.parametrize("status", [None, 400, 413, 422, 500])
@pytest.mark.parametrize(("said", "window", "tokens"), TOO_LONG)
def test_every_service_s_words_are_known(
    said: str, window: int | None, tokens: int | None, status: int | None
) -> None:
    # MiniMax puts its code after the words.
    complaint = Complaint(said, ("2013",) if said.endswith("(2013)") else ())
    assert find_too_long(complaint, status) == TooLong(window, tokens)


@pytest.mark.parametrize("status", [None, 400, 413, 422, 429, 500])
@pytest.mark.parametrize("said", OTHER)
def test_what_only_sounds_like_it(said: str, status: int | None) -> None:
    assert find_too_long(Complaint(said), status) is None


@pytest.mark.parametrize("status", [401, 403, 404, 503])
def test_other_statuses_are_about_something_else(status: int) -> None:
    assert find_too_long(Complaint("prompt is too long"), status) is None


@pytest.mark.parametrize(
    "code",
    [
        "context_length_exceeded",
        "exceed_context_size_error",
        "model_context_window_exceeded",
        "tokens_limit_reached",
        "3051",
        "1261",
    ],
)
def test_a_code_needs_no_words(code: str) -> None:
    assert find_too_long(Complaint("Sorry.", (code,)), 429) == TooLong()


def test_numbers_in_fields_count_before_words() -> None:
    # llama.cpp `tools/server/server-context.cpp`
    error = {
        "code": 400,
        "message": "the request exceeds the available context size, try increasing it",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 5000,
        "n_ctx": 4096,
    }
    assert find_too_long(read_complaint({"error": error}), 400) == TooLong(4096, 5000)


def test_what_waiting_cannot_mend_is_no_limit_of_the_rate() -> None:
    said = (
        "Request too large for gpt-4 on tokens per min (TPM): Limit 10000, Requested 12000. The "
        "input or output tokens must be reduced in order to run successfully."
    )
    complaint = Complaint(said, ("tokens", "rate_limit_exceeded"))
    assert find_too_long(complaint, 429) == TooLong(10000, 12000)


@pytest.mark.parametrize("number", ["0", "3", "9" * 40, "99999999999"])
def test_numbers_that_are_no_counts_of_tokens_are_passed_over(number: str) -> None:
    said = f"maximum context length is {number} tokens, but you sent more"
    assert find_too_long(Complaint(said), 400) == TooLong()
