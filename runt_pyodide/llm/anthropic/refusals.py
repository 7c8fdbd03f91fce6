"""What Anthropic's models refuse of a request: what is known beforehand, and what refusals teach.

Source: platform.claude.com, the models' migration guides and "Errors", November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import BadRequestError, ProviderError
from ...json_schema import has_open_objects
from ..adaptation import parameters
from ..adaptation.parameters import Body, Rule
from ..adaptation.shape import ASSISTANT_LAST, RESPONSE_FORMAT
from ..adaptation.wordings import EFFORT
from ..messages import ChatRequest
from .models import limit_of, takes_sampling, takes_schemas
from .request_body import ANSWER_TOOL, CACHE, FORMAT
from .thinking import UNBOUND, choose_thinking, digest, find_thinking

# The smallest loss first.
_RULES = (
    Rule("temperature", told=True),
    Rule("top_p", told=True),
    Rule("stop_sequences", told=True),
    Rule("thinking.display"),
    Rule("output_config.effort", also=(EFFORT,), told=True),
    Rule("thinking", also=("thinking.type",), told=True),
)
_BY_WORDS = (
    ("output_config.effort", re.compile(r"\beffort\b")),
    (CACHE, re.compile(r"cache_control|prompt caching", re.IGNORECASE)),
)
_ABOUT_THOUGHTS = re.compile(r"\bsignature\b|\bthinking\W{1,3}blocks?\b", re.IGNORECASE)
_ABOUT_SCHEMAS = re.compile(
    r"output_(config|format)|schema|tool_choice|forces? tool", re.IGNORECASE
)
_LIMIT = re.compile(r"max_tokens: \d+ > (\d+)")
_MOST_TOKENS = "max_tokens."
"""With a number behind it: the most that the model takes."""


def find_known(request: ChatRequest) -> set[str]:
    """Return what the model is known to refuse before it was asked."""
    model, schema = request.model, request.response_format
    known = {ASSISTANT_LAST}
    if _thinks(request) or not takes_sampling(model):
        known |= {"temperature", "top_p"}
    if schema is not None and (not takes_schemas(model) or has_open_objects(schema)):
        known.add(_find_other_way(request))
    return known


def find_refused(
    request: ChatRequest, error: ProviderError, sent: Mapping[str, Any], refused: frozenset[str]
) -> Iterator[str]:
    """Yield what an error may be about, the likeliest first."""
    if not isinstance(error, BadRequestError):
        return
    said, thoughts = error.message, [*find_thinking(sent)]
    if (limit := _LIMIT.search(said)) and request.settings.max_tokens is None:
        yield f"{_MOST_TOKENS}{limit[1]}"
    if thoughts and _ABOUT_THOUGHTS.search(said):
        yield f"{UNBOUND}{digest(thoughts[-1])}"
    if request.response_format is not None and _ABOUT_SCHEMAS.search(said):
        yield from (_find_other_way(request), RESPONSE_FORMAT)
    yield from parameters.find_refused(error, refused, _RULES)
    yield from (name for name, pattern in _BY_WORDS if pattern.search(said))


def adapt(
    body: Body, request: ChatRequest, refused: frozenset[str]
) -> tuple[Body, tuple[str, ...]]:
    """Return the body as the model takes it, and what the reader of its answer must be told."""
    body, left_out = parameters.adapt(body, refused, _RULES)
    limits = [int(name[len(_MOST_TOKENS) :]) for name in refused if name.startswith(_MOST_TOKENS)]
    lacks = ("seed",) if request.settings.seed is not None else ()
    told = parameters.tell_left_out((*left_out, *lacks))
    return {**body, "max_tokens": min((body["max_tokens"], *limits))}, told


def is_forced(request: ChatRequest) -> bool:
    """Return whether the model may have to call a tool with its answer."""
    return request.response_format is not None and not _has_tool(request, ANSWER_TOOL)


def _thinks(request: ChatRequest) -> bool:
    thinking, _ = choose_thinking(request, request.settings.max_tokens or limit_of(request.model))
    return thinking is not None and thinking["type"] != "disabled"


def _find_other_way(request: ChatRequest) -> str:
    """Return what to do without, if a schema cannot bind the answer: a model is made to call a tool
    with it, or told the schema, if it thinks: a model that thinks cannot be made to call one."""
    is_told = _thinks(request) or _has_tool(request, ANSWER_TOOL)
    return RESPONSE_FORMAT if is_told else FORMAT


def _has_tool(request: ChatRequest, name: str) -> bool:
    return any(tool.name == name for tool in request.tools)
