"""How a model is to think, and what of its thinking goes back to it.

Thinking goes back unchanged while a model's tools run: with what it said since the last prompt.
Newer models bind it to all that stands before it, which in a notebook changes from cell to cell. If
that changed within a run, the refusal teaches up to where thinking does not go back any more.
Source: platform.claude.com, "Adaptive thinking" and "Preserved thinking".
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from ..messages import ChatRequest, Message
from .models import thinking_of

Block = dict[str, Any]
Said = Sequence[Mapping[str, Any]]
"""Blocks that a model made."""

THOUGHTS = ("thinking", "redacted_thinking")
UNBOUND = "unbound."
"""With the digest of a block behind it: thinking up to this block does not go back."""

_STATE = "anthropic.messages"
# At least 1,024 tokens, and less than the limit of the answer.
_BUDGETS = {"minimal": 1024, "low": 2048, "medium": 8192, "high": 16384}
_LARGEST_BUDGET = 24_576
_LEAST = 1024


def choose_thinking(
    request: ChatRequest, limit: int, messages: Sequence[Block] = ()
) -> tuple[Block | None, str | None]:
    """Return how a model is to think, and with which effort; None leaves it to the model. ``limit``
    is that of the answer, in tokens. A model with a budget cannot go on thinking after calls that
    come back without thinking, since another model made them."""
    effort, when = request.settings.reasoning_effort, thinking_of(request.model)
    is_asked = effort not in (None, "none")
    if when == "budget" and is_asked and not _lack_thinking(messages):
        budget = min(_BUDGETS.get(str(effort), _LARGEST_BUDGET), limit - _LEAST)
        return ({"type": "enabled", "budget_tokens": budget} if budget >= _LEAST else None), None
    if when in ("never", "budget") or (when == "if asked" and not is_asked):
        return None, None
    if effort == "none" and when == "unless told not to":
        return {"type": "disabled"}, None
    # Models of 2026 show nothing of their thinking unless they are told to.
    shown = {"type": "adaptive", "display": "summarized"}
    return shown, "low" if effort in ("none", "minimal") else effort


def find_bound(messages: Sequence[Message], refused: Collection[str]) -> int:
    """Return the place from which on messages go back with their thinking."""
    start = 0
    for place, message in enumerate(messages):
        is_prompt = message.role not in ("assistant", "tool")
        if is_prompt or any(f"{UNBOUND}{digest(block)}" in refused for block in message.state):
            start = place + 1
    return start


def kept_blocks(message: Message, model: str) -> list[Block]:
    """Return the blocks of the state if they are this model's, and say the text of the message. A
    log may have them from anybody."""
    if message.state[:1] != ({"type": _STATE, "model": model},):
        return []
    blocks = [dict(block) for block in message.state[1:] if isinstance(block.get("type"), str)]
    said = "".join(str(block.get("text")) for block in blocks if block["type"] == "text")
    # The breaks between texts depend on what was shown between them.
    return blocks if "".join(said.split()) == "".join(message.content.split()) else []


def build_state(model: str, blocks: Said) -> tuple[Mapping[str, Any], ...]:
    """Return what the next request must hold of a turn with these blocks: nothing if its text and
    its calls say it all."""
    is_more = any(block["type"] not in ("text", "tool_use") for block in blocks)
    return ({"type": _STATE, "model": model}, *blocks) if is_more else ()


def digest(block: Mapping[str, Any]) -> str:
    """Return what names a block."""
    return sha256(json.dumps(block, sort_keys=True).encode()).hexdigest()[:16]


def find_thinking(body: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the blocks of thinking in a request's body."""
    for message in body.get("messages", ()):
        yield from (block for block in message["content"] if block["type"] in THOUGHTS)


def _lack_thinking(messages: Sequence[Block]) -> bool:
    """Return whether the calls that the last results are of come without thinking."""
    results = messages[-1]["content"] if messages else []
    if not any(block["type"] == "tool_result" for block in results):
        return False
    return not any(block["type"] in THOUGHTS for block in messages[-2]["content"])
