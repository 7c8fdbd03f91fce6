"""How large a window a prompt needs, and whether it was cut to fit the one it had.

Ollama's own window is 4,096 tokens on most machines, whatever the model could take. A longer prompt
silently loses its oldest messages, one by one, until it fits. Source: ollama
`docs/context-length.mdx`, and `chatPrompt` in `server/prompt.go`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..messages import Usage

# Another window makes the server load the model again, which takes seconds: few sizes, none small.
_FLOOR = 8192
# Room for the answer if the request sets no limit; thinking counts too.
_ANSWER = 4096
# Estimates are off by as much in both directions.
_MARGIN = 1.5
_MESSAGE = 8
_IMAGE = 768  # server/prompt.go counts so


def estimate_tokens(body: Mapping[str, Any]) -> int:
    """Return about how many tokens the prompt of a chat request has.

    Tokenizers differ; most take four Latin letters a token, two or three of other alphabets, and
    one ideograph. Runs of white space are few tokens.
    """
    texts = [json.dumps(body.get("tools", ""))]
    images = 0
    for message in body["messages"]:
        texts += [message["content"], message.get("thinking", "")]
        texts += [json.dumps(call["function"]) for call in message.get("tool_calls", ())]
        images += len(message.get("images", ()))
    counted = sum(map(_count, texts))
    return int(counted) + _MESSAGE * len(body["messages"]) + _IMAGE * images


def choose_window(estimate: int, answer: int | None, largest: int | None) -> int:
    """Return the num_ctx for a prompt of so many tokens and an answer of up to ``answer``: a power
    of two that holds both, but no more than the model's ``largest``."""
    need = int(estimate * _MARGIN) + (answer or _ANSWER)
    window = max(_FLOOR, 1 << (need - 1).bit_length())
    return window if largest is None else min(window, largest)


def describe_cut(
    estimate: int, usage: Usage | None, window: int | None, largest: int | None
) -> str:
    """Return what to tell the reader of an answer to a prompt that was cut; "" if it was not.

    ``window`` is the num_ctx that was sent, ``largest`` the model's own; None if not known.
    """
    # However large num_ctx is, a model's window is not larger than its own.
    real = min((size for size in (window, largest) if size is not None), default=None)
    if window is None or real is None:
        return ""
    if not was_cut(estimate, usage.input_tokens if usage else None, real):
        return ""
    larger = largest is not None and real < largest
    remedy = "raise `numCtx` in the AI settings" if larger else "choose a model with a larger one"
    return (
        f"Ollama cut the prompt: it has about {estimate:,} tokens, and the window {real:,}, so the "
        "oldest messages were left out. Hide cells above from AI, clear long outputs, "
        f"or {remedy}."
    )


def was_cut(estimate: int, counted: int | None, window: int) -> bool:
    """Return whether the server left out a part of a prompt of about ``estimate`` tokens.

    ``counted`` is its prompt_eval_count, which is absent or small if an older server had the
    beginning in its cache. So a small count proves nothing; a prompt that cannot have fitted does,
    and so does a count at the edge of the window that is far below the estimate.
    """
    if counted is not None and counted > window:
        return False  # it has given the model a larger window
    if estimate > window * _MARGIN:
        return True
    return counted is not None and counted > window * 0.9 and estimate > counted * _MARGIN


def _count(text: str) -> float:
    words = text.split()
    characters, size = len(text), len(text.encode("utf-8", "replace"))
    ascii_only = len(text.encode("ascii", "ignore"))
    # UTF-8 has one byte for ASCII, two for other alphabets, three and more for the rest.
    wide = max(0, size - 2 * characters + ascii_only)
    other = max(0, characters - ascii_only - wide)
    without_runs = sum(map(len, words)) + len(words)
    return max(0, without_runs - other - wide) / 4 + other / 2.5 + wide
