"""The innermost reason, in whatever it is wrapped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from runt_pyodide.llm.complaints.complaint import (
    Complaint,
    find_error,
    read_body,
    read_complaint,
)

Wrap = Callable[[str, str], Any]
REASON = 'The model "x" broke: it said <tool>, {a} and ümläut.'
# Each takes the words and a code to what a service sends.
ENVELOPES: dict[str, Wrap] = {
    "OpenAI": lambda said, code: {"error": {"message": said, "type": "t", "code": code}},
    "Ollama": lambda said, code: {"error": said, "error_type": code},
    "xAI": lambda said, code: {"code": code, "error": said},
    "Gemini": lambda said, code: [{"error": {"code": 400, "message": said, "status": code}}],
    "Gemini's details": lambda said, code: [
        {"error": {"message": said, "details": [{"@type": "ErrorInfo", "reason": code}]}}
    ],
    "OpenRouter": lambda said, code: {
        "error": {
            "message": "Provider returned error",
            "code": 400,
            "metadata": {"raw": json.dumps({"error": {"message": said, "code": code}})},
        },
        "user_id": "u",
    },
    "OpenRouter's plain": lambda said, code: {
        "error": {"message": "Provider returned error", "code": code, "metadata": {"raw": said}}
    },
    "vLLM": lambda said, code: {"object": "error", "message": said, "type": code, "param": None},
    "SiliconFlow": lambda said, code: {"code": code, "message": said, "data": None},
    "MiniMax": lambda said, code: {
        "choices": None,
        "base_resp": {"status_code": code, "status_msg": said},
    },
    "Cloudflare": lambda said, code: {
        "success": False,
        "errors": [{"code": code, "message": said}],
        "messages": [],
    },
    "FastAPI": lambda said, code: {"detail": said, "code": code},
    "Mistral": lambda said, code: {"message": {"detail": [{"msg": said}]}, "type": code},
    "NestJS": lambda said, code: {"statusCode": 400, "message": said, "error": code, "code": code},
    "problem+json": lambda said, code: {"title": "Bad Request", "detail": said, "type": code},
    "OAuth": lambda said, code: {"error": "invalid", "error_description": said, "code": code},
    "AWS": lambda said, code: {"Message": said, "Code": code},
    "in a choice": lambda said, code: {
        "choices": [{"finish_reason": "error", "error": {"message": said, "code": code}}]
    },
    "Responses": lambda said, code: {
        "type": "response.failed",
        "response": {"status": "failed", "error": {"code": code, "message": said}},
    },
    "LiteLLM": lambda said, code: {
        "error": {
            "message": f"litellm.APIError: Error code: 400 - { ({'error': {'message': said}})!r}",
            "code": code,
        }
    },
    "JSON in JSON": lambda said, code: {
        "error": {"message": json.dumps({"error": {"message": said, "code": code}})}
    },
}
WRAPPINGS: dict[str, Callable[[Any], str]] = {
    "JSON": json.dumps,
    "with unicode": lambda value: json.dumps(value, ensure_ascii=False, indent=1),
    "as an event": lambda value: f"data: {json.dumps(value)}\n\n",
    "as a named event": lambda value: (
        f"event: error\ndata: {json.dumps(value)}\n\ndata: [DONE]\n\n"
    ),
    "with a byte-order mark": lambda value: f"\ufeff {json.dumps(value)}",
    "before another line": lambda value: f"{json.dumps(value)}\nand more",
    "as JSON text": lambda value: json.dumps(json.dumps(value)),
}


@pytest.mark.parametrize(("envelope", "wrapping"), [*product(ENVELOPES, WRAPPINGS)])
def test_the_reason_and_the_code_are_found(envelope: str, wrapping: str) -> None:
    sent = WRAPPINGS[wrapping](ENVELOPES[envelope](REASON, "some_code"))
    complaint = read_body(sent.encode())
    assert complaint.message == REASON
    assert "some_code" in complaint.codes


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_a_body_that_was_cut_is_read_as_far_as_it_came(envelope: str) -> None:
    sent = json.dumps(ENVELOPES[envelope]("The reason " + "x" * 50, "c"))
    cut = sent[: sent.index("x" * 50) + 10].encode()
    if envelope in ("LiteLLM", "OpenRouter", "JSON in JSON"):
        assert "The reason xxx" in read_body(cut).message  # cut within the inner text
    else:
        assert read_body(cut).message == "The reason xxxxxxxxxx"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", ""),
        (b"null", ""),
        (b"{}", ""),
        (b"[]", ""),
        (b"not json", "not json"),
        (b"[Errno 111] Connection refused", "[Errno 111] Connection refused"),
        (b"{oops", "{oops"),
        (b'{"odd": 1}', '{"odd": 1}'),
        (b'{"error": null, "odd": 1}', '{"error": null, "odd": 1}'),
        (b'{"error": {"message": "", "code": "x"}, "message": "said"}', "said"),
        (b"{'error': {'message': 'said'}}", "said"),
        (b'{"detail": [{"loc": ["body", "seed"], "msg": "no"}]}', "seed: no"),
        (b"{\"message\": \"[{'loc': ('body', 'seed'), 'msg': 'no'}]\"}", "seed: no"),
        (b'{"errors": ["one", "two", "one"]}', "one; two"),
        (b'{"error": "<html><title>502 Bad Gateway</title></html>"}', "502 Bad Gateway"),
        (b"<html><title>Bad\nGateway</title>x", "Bad Gateway"),
        (b"\xff", "\ufffd"),
        (b'{"message": "x  \\n y"}', "x y"),
    ],
)
def test_what_is_left_of_other_bodies(body: bytes, message: str) -> None:
    assert read_body(body).message == message


@pytest.mark.parametrize(
    ("error", "param"),
    [
        ({"message": "x", "param": "seed"}, "seed"),
        ({"error": {"message": "x", "param": None}}, None),
        ({"detail": [{"loc": ["body", "messages", 0, "role"], "msg": "x"}]}, "messages.0.role"),
        ({"message": "x", "param": 5}, None),
    ],
)
def test_the_parameter_that_is_complained_of(error: Any, param: str | None) -> None:
    assert read_complaint(error).param == param


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"code": 429}, 429),
        ({"code": "503"}, 503),
        ({"status_code": 400, "code": "x"}, 400),
        ({"error": {"code": 502}}, 502),
        ({"code": 20015}, None),
        ({"code": 200}, None),
        ({"code": True}, None),
        ("text", None),
    ],
)
def test_the_status_that_an_error_names(error: Any, status: int | None) -> None:
    assert read_complaint(error).status == status


@pytest.mark.parametrize("envelope", sorted({*ENVELOPES} - {"Gemini", "Gemini's details"}))
def test_errors_under_200_are_found(envelope: str) -> None:
    record = ENVELOPES[envelope]("said", "7")
    if envelope not in ("Responses", "AWS"):
        assert read_complaint(find_error(record)).message == "said"


@pytest.mark.parametrize(
    "record",
    [
        {"choices": [{"delta": {"content": "message"}}]},
        {"choices": [], "error": None, "code": 0},
        {"model": "m", "message": {"role": "assistant", "content": "hi"}, "done": False},
        {"type": "response.output_text.delta", "delta": "x"},
        {"type": "message", "role": "assistant", "content": []},
        {"base_resp": {"status_code": 0, "status_msg": ""}, "choices": [{}]},
        {"object": "chat.completion", "choices": [{"message": {"content": "error"}}]},
        {"errors": []},
        {"type": "ping"},
        {"status": "success"},
        {"choices": [], "model": "", "prompt_filter_results": [{"content_filter_results": {}}]},
        {"message": {"role": "assistant", "content": "hi"}},
        {},
    ],
)
def test_parts_of_an_answer_are_no_errors(record: dict[str, Any]) -> None:
    assert find_error(record) is None


def test_it_ends_however_deep_an_error_is_wrapped() -> None:
    error: Any = "deep"
    for _ in range(200):
        error = {"error": [error]}
    assert isinstance(read_complaint(error), Complaint)
    text = "deep"
    for _ in range(12):
        text = json.dumps({"error": text})
    assert "Traceback" not in read_complaint(text).message


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        '{"a":',
        '["',
        '\\"',
        "{",
        "[",
        "data:",
        "data:\n",
        'data: {"\n',
        '{"error": "<',
        '{"error": {"message": "Error code: {\'a',
        "<title>",
        "prompt too ",
        "x",
    ],
)
def test_a_body_of_any_size_is_read_in_linear_time(unit: str) -> None:
    body = unit.encode() * ((8 << 20) // len(unit))
    began = time.process_time()
    read_body(body)
    assert time.process_time() - began < 2
