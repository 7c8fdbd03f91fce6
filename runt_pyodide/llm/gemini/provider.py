"""Gemini, by its own API: thin glue."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from ...errors import BadRequestError, ProviderError
from ..adaptation import parameters
from ..adaptation.adapter import Built
from ..adaptation.parameters import Rule
from ..adaptation.shape import ASSISTANT_LAST, RESPONSE_FORMAT, WEB_SEARCH
from ..messages import AiModel, ChatRequest, Delta
from ..services.provider import ServiceProvider
from .chunks import ChunkReader
from .models import describe, read_models, takes_schema_beside_tools
from .request_body import build_body
from .settings import GeminiSettings, alternative_addresses

_CONFIG = "generationConfig"
# The smallest loss first. The service has other names for the fields in its errors.
_RULES = (
    Rule(f"{_CONFIG}.temperature", also=("temperature",), told=True),
    Rule(f"{_CONFIG}.topP", also=("top_p",), told=True),
    Rule(f"{_CONFIG}.seed", also=("seed",), told=True),
    Rule(f"{_CONFIG}.stopSequences", also=("stop_sequences",), told=True),
    Rule(f"{_CONFIG}.thinkingConfig.thinkingLevel", also=("thinking_level",), told=True),
    Rule(f"{_CONFIG}.thinkingConfig.thinkingBudget", also=("thinking_budget",), told=True),
    Rule(f"{_CONFIG}.thinkingConfig", also=("thinking_config",)),
)
_BY_WORDS = (
    (f"{_CONFIG}.thinkingConfig.thinkingLevel", re.compile(r"thinking.?level", re.IGNORECASE)),
    (f"{_CONFIG}.thinkingConfig.thinkingBudget", re.compile(r"thinking.?budget|budget \d", re.I)),
    (f"{_CONFIG}.thinkingConfig", re.compile(r"thinking|thoughts", re.IGNORECASE)),
    (RESPONSE_FORMAT, re.compile(r"response.?(json.?)?schema|response.?mime", re.IGNORECASE)),
)


class GeminiProvider(ServiceProvider[GeminiSettings]):
    """Answers by ``POST {base_url}/models/{model}:streamGenerateContent``, as events."""

    its_service = "gemini"

    def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        return self._ask(
            request,
            f"/models/{quote(request.model.removeprefix('models/'))}:streamGenerateContent",
            _build,
            partial(ChunkReader, request.model),
            {"alt": "sse"},
        )

    def _read_list(self, body: bytes) -> list[AiModel]:
        return read_models(body, self.name)

    def _describe(self, name: str) -> AiModel:
        return describe(name, self.name)

    def alternative_addresses(self) -> Sequence[str]:
        return alternative_addresses(self.base_url)

    def _find_known(self, request: ChatRequest) -> frozenset[str]:
        known = super()._find_known(request) | {ASSISTANT_LAST}
        is_bound = request.response_format is not None and bool(request.tools)
        if is_bound and not takes_schema_beside_tools(request.model):
            known |= {RESPONSE_FORMAT}
        if request.tools:
            # Newer models can do both, but want each search back, which is not kept.
            known |= {WEB_SEARCH}
        return known

    def _find_refused(
        self,
        request: ChatRequest,  # noqa: ARG002 -- the same for each
        error: ProviderError,
        sent: Mapping[str, Any],  # noqa: ARG002
        refused: frozenset[str],
    ) -> Iterator[str]:
        yield from parameters.find_refused(error, refused, _RULES)
        if isinstance(error, BadRequestError):
            yield from (name for name, words in _BY_WORDS if words.search(error.message))


def _build(request: ChatRequest, refused: frozenset[str]) -> Built:
    body, left_out = parameters.adapt(build_body(request), refused, _RULES)
    return Built(body, parameters.tell_left_out(left_out))
