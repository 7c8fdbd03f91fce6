"""Estimates of how many tokens a text takes, before a service counts them."""

from __future__ import annotations

import json

from .messages import Message, ToolSpec

# What a message takes besides its content, and an image of usual size (OpenAI's guide to vision).
_MESSAGE = 4
_IMAGE = 1_100
_CHARACTERS = 4
# How far a correction goes, and how much a new count weighs.
_LEAST, _MOST, _WEIGHT = 0.5, 4.0, 0.5


def estimate_tokens(text: str) -> int:
    """Return about a token for four characters of ASCII, and more for those of more bytes."""
    beyond = len(text.encode("utf-8", "surrogatepass")) - len(text)
    return estimate_size(len(text)) + beyond // 2


def estimate_size(characters: int) -> int:
    """Return about how many tokens so many characters of ASCII take."""
    return -(-characters // _CHARACTERS)


def estimate_message(message: Message) -> int:
    calls = sum(estimate_tokens(call.name + call.arguments) for call in message.tool_calls)
    return _MESSAGE + estimate_tokens(message.content) + calls + _IMAGE * len(message.images)


def estimate_tool(tool: ToolSpec) -> int:
    said = tool.name + tool.description + json.dumps(dict(tool.parameters))
    return _MESSAGE + estimate_tokens(said)


class Estimator:
    """Corrects the estimates for each model by what its service counted, and remembers the windows
    that services told of when a prompt was too long. A model is named by its origin (see
    `AIProvider.origin`)."""

    def __init__(self) -> None:
        self._scales: dict[str, float] = {}
        self._windows: dict[str, int] = {}

    def scale(self, origin: str) -> float:
        """Return what to multiply an estimate by: 1 until something was counted."""
        return self._scales.get(origin, 1.0)

    def window(self, origin: str) -> int | None:
        """Return the model's context window in tokens, if its service told it in an error."""
        return self._windows.get(origin)

    def learn(self, origin: str, estimate: int, counted: int) -> None:
        """Note that what was estimated at ``estimate``, uncorrected, was ``counted``."""
        if estimate <= 0:
            return
        told = min(max(counted / estimate, _LEAST), _MOST)
        known = self._scales.get(origin)
        self._scales[origin] = told if known is None else known + (told - known) * _WEIGHT
        if counted > self._windows.get(origin, counted):
            # It took more than that: the error was about something else.
            del self._windows[origin]

    def learn_window(self, origin: str, window: int) -> None:
        """Note that the model takes no more than so many tokens."""
        self._windows[origin] = window
