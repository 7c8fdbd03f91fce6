"""Anthropic, by its Messages API: thin glue."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any

from ...errors import BadRequestError, CutStreamError, ProviderError
from ...json_schema import has_open_objects
from ..adaptation import parameters
from ..adaptation.adapter import Built
from ..adaptation.parameters import Rule
from ..adaptation.shape import ASSISTANT_LAST, RESPONSE_FORMAT
from ..adaptation.wordings import EFFORT
from ..messages import AiModel, ChatRequest, Delta, FinishDelta, Usage, UsageDelta
from ..services.provider import ServiceProvider
from .events import EventReader, is_paused
from .models import describe, limit_of, read_models, takes_sampling, takes_schemas
from .request_body import ANSWER_TOOL, CACHE, FORMAT, build_body
from .settings import AnthropicSettings, alternative_addresses
from .thinking import UNBOUND, Said, choose_thinking, digest, find_thinking

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
_MOST_PARTS = 10


class AnthropicProvider(ServiceProvider[AnthropicSettings]):
    """Answers by ``POST {base_url}/messages``, streamed."""

    its_service = "anthropic"

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Ask for a turn, and go on with it as long as the service pauses it."""
        before: Said = ()
        spent = Usage()
        for _ in range(_MOST_PARTS):
            said, now = None, spent
            async with aclosing(self._stream(request, before)) as deltas:
                async for delta in deltas:
                    if isinstance(delta, UsageDelta):
                        spent = now + delta.usage
                        yield UsageDelta(spent)
                    elif isinstance(delta, FinishDelta) and is_paused(delta):
                        said = delta.state[1:]
                    else:
                        yield delta
            if said is None:
                return
            before = said
        raise CutStreamError(f"The service paused its answer {_MOST_PARTS} times.")

    def _stream(self, request: ChatRequest, before: Said) -> AsyncGenerator[Delta, None]:
        is_bound = request.response_format is not None and not _has_tool(request, ANSWER_TOOL)
        return self._ask(
            request,
            "/messages",
            partial(_build, before),
            partial(EventReader, request.model, before, is_bound=is_bound),
        )

    def _read_list(self, body: bytes) -> list[AiModel]:
        return read_models(body, self.name)

    def _describe(self, name: str) -> AiModel:
        return describe(name, self.name)

    def alternative_addresses(self) -> Sequence[str]:
        return alternative_addresses(self.base_url)

    def _find_known(self, request: ChatRequest) -> frozenset[str]:
        model, schema = request.model, request.response_format
        known = {*super()._find_known(request), ASSISTANT_LAST}
        if _thinks(request) or not takes_sampling(model):
            known |= {"temperature", "top_p"}
        if schema is not None and (not takes_schemas(model) or has_open_objects(schema)):
            known.add(_find_other_way(request))
        return frozenset(known)

    def _find_refused(
        self,
        request: ChatRequest,
        error: ProviderError,
        sent: Mapping[str, Any],
        refused: frozenset[str],
    ) -> Iterator[str]:
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


def _build(before: Said, request: ChatRequest, refused: frozenset[str]) -> Built:
    body, left_out = parameters.adapt(build_body(request, refused, before), refused, _RULES)
    limits = [int(name[len(_MOST_TOKENS) :]) for name in refused if name.startswith(_MOST_TOKENS)]
    body["max_tokens"] = min((body["max_tokens"], *limits))
    lacks = ("seed",) if request.settings.seed is not None else ()
    return Built(body, parameters.tell_left_out((*left_out, *lacks)))


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
