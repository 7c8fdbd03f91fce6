"""Ollama, by its native API: thin glue.

Its OpenAI-compatible API cannot set the window, and loses errors in mid-stream. Requests carry only
the headers Content-Type and Authorization: others do not pass the server's preflight. Source:
ollama `server/routes.go` (GenerateRoutes).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from ...errors import BadRequestError, ProviderError
from ..access.fields import secrets_of_body
from ..adaptation.adapter import Adapter, Built, Learnt
from ..adaptation.parameters import tell_left_out
from ..adaptation.shape import IMAGES, TOOLS, WEB_SEARCH
from ..adaptation.wordings import EFFORT, LEVEL_OF_EFFORT
from ..catalog.kinds import keep_chatting
from ..messages import AiModel, ChatRequest, Delta, FinishDelta, Usage, UsageDelta
from ..provider import AIProvider
from ..service_client import Body, ServiceClient
from ..transport.base import Transport
from ..wire.answer import AnswerStream
from .chat import ChatReader, Think, build_body, new_call_id
from .descriptions import LONGEST, Descriptions
from .errors import explain
from .models import ModelFacts, full_name, read_tags
from .settings import OllamaSettings, alternative_addresses, normalise_base_url
from .window import choose_window, describe_cut, estimate_tokens

# The levels that Ollama knows are low, medium and high (docs/capabilities/thinking.mdx).
_LEVELS = {"minimal": "low", "xhigh": "high", "max": "high"}
_SILENCE = (
    "This server does not describe its models (it has no /api/show), so their windows are not "
    "known: it may cut a long prompt and say nothing. `numCtx` sets the window."
)


class OllamaProvider(AIProvider):
    """Answers by ``POST {base_url}/api/chat``, streamed. It never pulls a model.

    It asks ``/api/show`` once about each model, before the first request to it; a server without
    that path works.
    """

    def __init__(
        self,
        name: str,
        settings: OllamaSettings,
        transport: Transport,
        new_id: Callable[[], str] = new_call_id,
    ) -> None:
        self.name = name
        self._settings = settings
        self._transport = transport
        self._new_id = new_id
        self._client = ServiceClient(
            name,
            transport,
            normalise_base_url(settings.base_url or "", settings.query),
            key=settings.key,
            headers=settings.headers,
            secrets=secrets_of_body(settings.extra_body),
            timeout=settings.timeout,
            max_answer=settings.max_answer,
            explain=lambda error: explain(error, self.base_url, keyed=bool(settings.key)),
        )
        self.base_url: str = self._client.base_url
        self.models: Sequence[str] = (settings.model,) if settings.model else ()
        self._descriptions = Descriptions(self._client)
        self._has_told_silence = False
        self._windows: dict[str, int] = {}
        self._learnt = Learnt()

    def secrets(self) -> Sequence[str]:
        return self._client.secrets

    def supports_tools(self, model: str | None = None) -> bool:
        """Return what the server said; True until it was asked, and if it does not say. A setting
        decides."""
        if self._settings.tools is not None:
            return self._settings.tools
        name = model or next(iter(self.models), "")
        facts = self._descriptions.find(name)
        return facts is None or facts.can("tools") is not False

    def adopt(self, other: AIProvider) -> None:
        if isinstance(other, OllamaProvider) and self._settings.differ_in_model(other._settings):
            self._learnt, self._descriptions = other._learnt, other._descriptions
            self._windows = other._windows

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        with self._client.locating(request.model):
            facts = await self._descriptions.learn(request.model)
        adapter = Adapter(
            self._settings.complete(request),
            partial(self._build, facts),
            self._learnt,
            _find_refused,
            self._find_known(facts),
            self._settings.extra_body,
        )
        usage: Usage | None = None
        deltas = self._client.stream(
            "/api/chat",
            adapter.body(),
            lambda: AnswerStream(lambda: ChatReader(self._new_id), self._settings.max_line),
            model=request.model,
            adapt=adapter.adapt,
        )
        async with aclosing(deltas):
            async for delta in deltas:
                if isinstance(delta, UsageDelta):
                    usage = delta.usage
                elif isinstance(delta, FinishDelta):
                    cut = _describe_cut(adapter.last, usage, facts)
                    notices = (delta.notice, *adapter.told, cut, *self._tell_silence())
                    delta = replace(delta, notice=" ".join(filter(None, notices)))
                yield delta

    async def list_models(self) -> list[AiModel]:
        async with self._client.send("GET", "/api/tags") as response:
            rows = read_tags(await response.read(LONGEST))
        learnt = await asyncio.gather(*map(self._descriptions.learn_row, rows))
        chosen = full_name(self.models[0]) if self.models else ""
        facts = keep_chatting(
            (one, f"{one.name} {one.family}", one.can("completion")) for one in learnt
        )
        facts.sort(key=lambda one: full_name(one.name) != chosen)
        return [self._settings.decide(one.to_model(self.name)) for one in facts]

    async def get_available_models(self) -> list[AiModel]:
        try:
            return await self.list_models()
        except ProviderError:
            return await super().get_available_models()

    async def describe_model(self, model: str) -> AiModel | None:
        try:
            return self._settings.decide(
                (await self._descriptions.learn(model)).to_model(self.name)
            )
        except ProviderError:
            return None

    async def check_model(self, model: str) -> None:
        # To ask the model itself would load it, which may take minutes: it is, if there is no
        # other way.
        try:
            await self._descriptions.ask(ModelFacts(model))
        except ProviderError:
            if not self._descriptions.is_silent:
                raise
            await super().check_model(model)

    def remarks(self) -> Sequence[str]:
        return (_SILENCE,) if self._descriptions.is_silent else ()

    def alternative_addresses(self) -> Sequence[str]:
        return alternative_addresses(self.base_url)

    def elsewhere(self, base_url: str) -> AIProvider:
        return OllamaProvider(self.name, self._settings.elsewhere(base_url), self._transport)

    def _tell_silence(self) -> Sequence[str]:
        """Return what the reader should know of a server that describes no models, once."""
        told = () if self._has_told_silence else self.remarks()
        self._has_told_silence = self._has_told_silence or bool(told)
        return told

    def _find_known(self, facts: ModelFacts) -> frozenset[str]:
        """Return what the model is known to refuse before it was asked: a setting decides, or else
        the server's list."""
        settings = self._settings
        taken = {
            TOOLS: facts.can("tools") if settings.tools is None else settings.tools,
            IMAGES: facts.can("vision") if settings.vision is None else settings.vision,
        }
        return frozenset(
            {WEB_SEARCH, *(one for one, is_taken in taken.items() if is_taken is False)}
        )

    def _build(self, facts: ModelFacts, request: ChatRequest, refused: frozenset[str]) -> Built:
        effort = request.settings.reasoning_effort
        told = tell_left_out((EFFORT,) if effort is not None and EFFORT in refused else ())
        think = _choose_think(request, facts, refused)
        body = build_body(request, think=think, keep_alive=self._settings.keep_alive)
        window = self._choose_window(estimate_tokens(body), request, facts)
        if window is not None:
            body.setdefault("options", {})["num_ctx"] = window
        return Built(body, told)

    def _choose_window(self, estimate: int, request: ChatRequest, facts: ModelFacts) -> int | None:
        """Return the num_ctx to send. It never shrinks, since each change loads the model again."""
        if self._settings.num_ctx is not None:
            return self._settings.num_ctx
        if facts.remote:
            return None
        limit = request.settings.max_tokens
        chosen = choose_window(estimate, limit, facts.context_length)
        window = max(chosen, self._windows.get(request.model, 0))
        self._windows[request.model] = window
        return window


def _choose_think(request: ChatRequest, facts: ModelFacts, refused: Collection[str]) -> Think:
    """Return the value of ``think``; None for models that cannot: the server refuses it. Older
    servers know levels of thinking for gpt-oss alone."""
    effort = request.settings.reasoning_effort
    if effort is None or EFFORT in refused or not facts.can("thinking"):
        return None
    if effort == "none":
        # gpt-oss always thinks (docs/capabilities/thinking.mdx).
        return "low" if facts.family in ("gptoss", "gpt-oss") else False
    if LEVEL_OF_EFFORT in refused:
        return True
    return "low" if effort == "minimal" else effort


def _find_refused(error: ProviderError, sent: Body, _refused: Collection[str]) -> Iterator[str]:
    """Yield what an error about thinking refuses: the server names the field, in many words."""
    if isinstance(error, BadRequestError) and "think" in error.message and "think" in sent:
        yield LEVEL_OF_EFFORT
        yield EFFORT


def _describe_cut(body: Body, usage: Usage | None, facts: ModelFacts) -> str:
    window = body.get("options", {}).get("num_ctx")
    return describe_cut(estimate_tokens(body), usage, window, facts.context_length)
