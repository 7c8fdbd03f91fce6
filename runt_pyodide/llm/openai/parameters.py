"""Which parameters OpenAI's APIs have that a model may not take: what is known beforehand, and the
rules by which what refusals teach is renamed or left out (`llm/adaptation/parameters`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from ...errors import ProviderError
from ..adaptation import parameters
from ..adaptation.parameters import Body, Rule, rename
from ..adaptation.shape import (
    ASSISTANT_LAST,
    CALL_IDS,
    IMAGES,
    NEIGHBOURS,
    RESPONSE_FORMAT,
    SYSTEM,
    TOOLS,
    USER_AFTER_TOOL,
)
from ..adaptation.wordings import EFFORT, STREAM
from .models import reasons, thinking_of
from .presets import Preset, Role


def _call_it_developer(body: Body) -> Body:
    """Return the body with the name that reasoning models have for the role "system"."""
    if "messages" not in body:
        return body
    return {**body, "messages": [_as_developer(message) for message in body["messages"]]}


def _as_developer(message: Body) -> Body:
    return {**message, "role": "developer"} if message["role"] == "system" else message


# If a complaint fits several, the smallest loss comes first. Limits of tokens are renamed, never
# left out: an answer without a limit may be expensive.
RULES = (
    Rule("max_tokens", instead="max_completion_tokens"),
    Rule("max_completion_tokens", instead="max_tokens"),
    Rule("stream_options"),
    Rule(STREAM, value=False, exact=True),
    Rule("temperature", told=True),
    Rule("top_p", told=True),
    Rule("seed", also=("random_seed",), told=True),
    Rule("stop", told=True),
    Rule(EFFORT, told=True),
    # Few schemas keep within what "strict" allows; without it the schema is still a strong hint.
    Rule("response_format.json_schema.strict", also=("response_format",)),
    Rule("text.format.strict", also=("text.format", "response_format")),
    Rule(RESPONSE_FORMAT, also=("text.format",)),
    Rule(TOOLS, exact=True),
    Rule("reasoning.summary"),
    Rule("reasoning.effort", also=("reasoning_effort",), told=True),
    Rule("reasoning"),
    Rule("include"),
    Rule("messages.role", change=_call_it_developer),
    Rule(SYSTEM, also=("messages.role", "instructions")),
    Rule(IMAGES, also=("messages.content.type", "input.content.type")),
)
_ROLES: Mapping[Role, str] = {
    "alternate": NEIGHBOURS,
    "no user after tool": USER_AFTER_TOOL,
    "ends with user or tool": ASSISTANT_LAST,
}


def known_refusals(api: Literal["chat", "responses"], model: str, effort: str | None) -> set[str]:
    """Return what one of OpenAI's own models refuses. Source: openai-python
    `types/chat/completion_create_params.py` and `types/responses/response_create_params.py`."""
    thinks = thinking_of(model) != "never"
    refused = {"temperature", "top_p", "stop"} if reasons(model, effort) else set[str]()
    if api == "responses":
        return refused if thinks else {"reasoning", "include"}
    return refused | {"max_tokens", "messages.role" if thinks else "reasoning_effort"}


def refusals_of_preset(preset: Preset) -> set[str]:
    """Return what a service is known to refuse: its own list, the order of roles that it does not
    take, and ids of another form than its own."""
    refused = {*preset.refuses, *(_ROLES[role] for role in preset.roles)}
    if length := re.search(r"\{(?:\d+,)?(\d+)\}", preset.ids):
        refused.add(f"{CALL_IDS}{length[1]}")
    return refused


def adapt(
    body: Body, refused: Collection[str], renames: Mapping[str, str] | None = None
) -> tuple[Body, tuple[str, ...]]:
    """Return the body as the model takes it, and the names that were left out and must be told."""
    body, left_out = parameters.adapt(body, refused, RULES)
    if not body.get(STREAM):
        # They are options of a stream, and refused beside "stream": false.
        body = {name: value for name, value in body.items() if name != "stream_options"}
    return rename(body, renames or {}), left_out


def find_refused(
    error: ProviderError, _sent: Mapping[str, Any], refused: Collection[str]
) -> Iterator[str]:
    """Yield the names of the parameters that a refusal may be about (`parameters.find_refused`)."""
    yield from parameters.find_refused(error, refused, RULES)
