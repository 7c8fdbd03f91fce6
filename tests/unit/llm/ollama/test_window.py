"""The context window: the size of a prompt, the window it needs, and when it was truncated."""

from __future__ import annotations

import pytest

from runt_pyodide.llm.messages import ChatRequest, Image, Message, ToolCall, ToolSpec, Usage
from runt_pyodide.llm.ollama.chat import build_body
from runt_pyodide.llm.ollama.window import choose_window, describe_cut, estimate_tokens, was_cut


def estimate(*messages: Message, tools: tuple[ToolSpec, ...] = ()) -> int:
    return estimate_tokens(build_body(ChatRequest(messages, "m", tools)))


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 12),
        ("The sky looks blue because air scatters short waves. " * 100, 1000, 1500),
        ("x = compute(a, b)\n        " * 100, 400, 900),
        (" " * 10_000, 0, 20),
        ("\u043d\u0435\u0431\u043e " * 1000, 1000, 2600),
        ("天空看起来是蓝色的。" * 100, 700, 1100),
        ("\U0001f642" * 100, 100, 320),
    ],
)
def test_an_estimate_is_of_the_right_size(text: str, least: int, most: int) -> None:
    assert least <= estimate(Message("user", text)) <= most


def test_tools_calls_and_images_count() -> None:
    alone = estimate(Message("user", "hi"))
    assert estimate(Message("user", "hi", images=(Image("image/png", "x" * 9000),))) == alone + 768
    called = Message("assistant", "", tool_calls=(ToolCall("c", "add", '{"a": "' + "b" * 400),))
    valid = Message(
        "assistant", "", tool_calls=(ToolCall("c", "add", '{"a": "%s"}' % ("b" * 400)),)
    )
    assert estimate(valid) > estimate(called) + 80  # what is no JSON is not sent
    tool = ToolSpec("add", "Adds two numbers. " * 20, {"type": "object"})
    assert estimate(Message("user", "hi"), tools=(tool,)) > alone + 80


@pytest.mark.parametrize(
    ("tokens", "answer", "largest", "window"),
    [
        (10, None, 131072, 8192),
        (10, None, 2048, 2048),
        (4000, None, 131072, 16384),
        (4000, 100, 131072, 8192),
        (60_000, None, 131072, 131072),
        (60_000, None, 32768, 32768),
        (60_000, None, None, 131072),
    ],
)
def test_a_window_holds_prompt_and_answer_within_the_model_s(
    tokens: int, answer: int | None, largest: int | None, window: int
) -> None:
    assert choose_window(tokens, answer, largest) == window


@pytest.mark.parametrize(
    ("tokens", "counted", "cut"),
    [
        (9000, 4096, True),  # at the edge, and the estimate far above
        (9000, 4000, True),
        (9000, 1200, True),  # whole messages were left out, or the beginning was in the cache
        (9000, None, True),
        (9000, 9100, False),  # the server gave the model a larger window
        (5000, 4090, False),  # the estimate may be off by as much
        (5000, 1200, False),
        (5000, None, False),
        (100, 90, False),
    ],
)
def test_only_what_cannot_have_fitted_was_cut(tokens: int, counted: int | None, cut: bool) -> None:
    assert was_cut(tokens, counted, 4096) is cut


def test_the_notice_says_what_to_do() -> None:
    usage = Usage(input_tokens=4096)
    model_s = describe_cut(9000, usage, 4096, 4096)
    assert "about 9,000 tokens, and the window 4,096" in model_s
    assert model_s.endswith("or choose a model with a larger one.")
    own = describe_cut(9000, usage, 4096, 131072)
    assert own.endswith("or raise `numCtx` in the AI settings.")
    assert describe_cut(9000, usage, 1 << 20, 4096) == model_s
    assert describe_cut(9000, usage, 4096, None) == model_s
    assert describe_cut(9000, usage, None, 4096) == ""
    assert describe_cut(9000, None, 16384, 131072) == ""
