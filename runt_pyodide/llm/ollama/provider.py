"""Ollama, by its native API.

Its OpenAI-compatible one cannot set the window, and loses errors in mid-stream. A request carries
no header but Content-Type and Authorization: others do not pass the server's preflight. Source:
ollama `server/routes.go` (GenerateRoutes).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

from ...errors import BadRequestError, ProtocolError, ProviderError
from ..exchange import exchange
from ..messages import AiModel, ChatRequest, Delta
from ..provider import AIProvider
from ..service_errors import redact
from ..transport.base import Request, Response, Transport
from ..wire.ndjson import NDJSONParser
from .chat import ChatReader, Think, build_body, new_call_id
from .errors import explain, is_final
from .models import ModelFacts, full_name, read_show, read_tags
from .settings import OllamaSettings, alternative_addresses, normalise_base_url
from .window import choose_window, describe_cut, estimate_tokens


class OllamaProvider(AIProvider):
    """Answers by ``POST {base_url}/api/chat``, streamed. It never pulls a model.

    What ``/api/show`` tells of a model is asked for once, before the first request to it.
    """

    def __init__(
        self,
        name: str,
        settings: OllamaSettings,
        transport: Transport,
        new_id: Callable[[], str] = new_call_id,
    ) -> None:
        self.name = name
        self.base_url: str = normalise_base_url(settings.base_url or "")
        self.models: Sequence[str] = (settings.model,) if settings.model else ()
        self._settings = settings
        self._transport = transport
        self._new_id = new_id
        self._key = settings.api_key.get_secret_value().strip() if settings.api_key else ""
        self._facts: dict[str, ModelFacts] = {}
        self._windows: dict[str, int] = {}
        self._without_levels: set[str] = set()

    def __repr__(self) -> str:
        return f"OllamaProvider({self.name!r}, {self.base_url!r})"

    def secrets(self) -> Sequence[str]:
        return (self._key,) if self._key else ()

    def supports_tools(self, model: str | None = None) -> bool:
        """As the server told; True until it was asked, and where it does not tell."""
        name = model or next(iter(self.models), "")
        facts = self._facts.get(full_name(name))
        return facts is None or facts.can("tools") is not False

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        try:
            facts = await self._learn(request.model)
            fitted, notice = _fit(request, facts)
            think = self._choose_think(request, facts)
            body = build_body(fitted, think=think, keep_alive=self._settings.keep_alive)
            estimate = estimate_tokens(body)
            window = self._choose_window(estimate, request, facts)
            if window is not None:
                body.setdefault("options", {})["num_ctx"] = window
            reader = ChatReader(self._new_id)
            async with (
                self._open_chat(body) as response,
                aclosing(_read_deltas(response, reader)) as deltas,
            ):
                async for delta in deltas:
                    yield delta
            cut = describe_cut(estimate, reader.usage, window, facts.context_length)
            for delta in reader.end(" ".join(filter(None, (notice, cut)))):
                yield delta
        except ProviderError as error:
            raise self._located(error, request.model) from None

    async def list_models(self) -> list[AiModel]:
        try:
            async with self._exchange("GET", "/api/tags") as response:
                rows = read_tags(await response.read(1 << 24))
        except ProviderError as error:
            raise self._located(error) from None
        learnt = await asyncio.gather(*map(self._learn_row, rows))
        chosen = full_name(self.models[0]) if self.models else ""
        facts = sorted(learnt, key=lambda one: full_name(one.name) != chosen)
        return [one.to_model(self.name) for one in facts if one.chats]

    async def get_available_models(self) -> list[AiModel]:
        try:
            return await self.list_models()
        except ProviderError:
            return await super().get_available_models()

    async def describe_model(self, model: str) -> AiModel | None:
        try:
            return (await self._learn(model)).to_model(self.name)
        except ProviderError:
            return None

    async def check_model(self, model: str) -> None:
        # To ask the model itself would load it, which may take minutes.
        try:
            await self._show(ModelFacts(model))
        except ProviderError as error:
            raise self._located(error, model) from None

    def neighbours(self) -> Sequence[AIProvider]:
        return [
            OllamaProvider(
                self.name, self._settings.model_copy(update={"base_url": url}), self._transport
            )
            for url in alternative_addresses(self.base_url)
        ]

    async def _learn(self, model: str) -> ModelFacts:
        """What is known of a model, now that it is to be asked. Raises what stands in the way of
        every request; what only keeps the server from describing it is left to the chat."""
        known = self._facts.get(full_name(model), ModelFacts(model))
        if known.complete:
            return known
        try:
            return await self._show(known)
        except ProviderError as error:
            if is_final(error):
                raise
            return known

    async def _learn_row(self, row: ModelFacts) -> ModelFacts:
        """The same for a row of the list, which may be of a newer version than what is known."""
        known = self._facts.get(full_name(row.name))
        if known is not None and known.complete and known.digest in ("", row.digest):
            row = replace(known, name=row.name, digest=row.digest)
        self._facts[full_name(row.name)] = row
        try:
            return row if row.complete else await self._show(row)
        except ProviderError:
            return row

    async def _show(self, known: ModelFacts) -> ModelFacts:
        body = {"model": known.name}
        async with self._exchange("POST", "/api/show", body) as response:
            facts = read_show(known, await response.read(1 << 24))
        self._facts[full_name(known.name)] = facts
        return facts

    def _choose_think(self, request: ChatRequest, facts: ModelFacts) -> Think:
        """What ``think`` is to be. Models that cannot are never told to: the server refuses it."""
        effort = request.settings.reasoning_effort
        if effort is None or not facts.can("thinking"):
            return None
        if effort == "none":
            # gpt-oss thinks always (docs/capabilities/thinking.mdx).
            return "low" if facts.family in ("gptoss", "gpt-oss") else False
        if request.model in self._without_levels:
            return True
        return "low" if effort == "minimal" else effort

    def _choose_window(self, estimate: int, request: ChatRequest, facts: ModelFacts) -> int | None:
        """The num_ctx to send. It never shrinks, for each change loads the model anew."""
        if self._settings.num_ctx is not None:
            return self._settings.num_ctx
        if facts.remote:
            return None
        limit = request.settings.max_tokens
        chosen = choose_window(estimate, limit, facts.context_length)
        window = max(chosen, self._windows.get(request.model, 0))
        self._windows[request.model] = window
        return window

    @asynccontextmanager
    async def _open_chat(self, body: dict[str, Any]) -> AsyncGenerator[Response, None]:
        """The answer to a chat request. Older servers know levels of thinking for gpt-oss alone:
        a level that is refused is sent once more as a plain yes, and so from then on."""
        async with AsyncExitStack() as stack:
            try:
                answer = self._exchange("POST", "/api/chat", body)
                response = await stack.enter_async_context(answer)
            except BadRequestError as error:
                if not isinstance(body.get("think"), str) or "think" not in error.message:
                    raise
                self._without_levels.add(body["model"])
                answer = self._exchange("POST", "/api/chat", {**body, "think": True})
                response = await stack.enter_async_context(answer)
            yield response

    @asynccontextmanager
    async def _exchange(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[Response, None]:
        headers = {} if body is None else {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        content = None if body is None else json.dumps(body).encode()
        request = Request(method, self.base_url + path, headers, content)
        async with exchange(self._transport, request, self._settings.timeout) as response:
            yield response

    def _located(self, error: ProviderError, model: str | None = None) -> ProviderError:
        error = explain(redact(error, self._key), self.base_url, model, keyed=bool(self._key))
        error.provider, error.model = self.name, model
        return error


def _fit(request: ChatRequest, facts: ModelFacts) -> tuple[ChatRequest, str]:
    """The request as its model can take it, and what the reader should know of the difference.

    Raises BadRequestError where the model cannot see and is to.
    """
    if facts.can("vision") is False and any(message.images for message in request.messages):
        raise BadRequestError(
            f"The model {request.model!r} cannot see images.",
            advice="Choose one with the capability vision, or leave the images out.",
        )
    if request.tools and facts.can("tools") is False:
        notice = f"The model {request.model!r} cannot call tools, so it was asked without them."
        return replace(request, tools=()), notice
    return request, ""


async def _read_deltas(response: Response, reader: ChatReader) -> AsyncGenerator[Delta, None]:
    """The deltas of a stream, all but the last, which ``reader.end`` gives."""
    if response.headers.get("content-type", "").lower().startswith("text/html"):
        raise ProtocolError("The server answered with a web page, not with a model's answer.")
    parser = NDJSONParser()
    async for piece in response.body:
        for text in parser.feed(piece):
            for delta in reader.read(text):
                yield delta
        if reader.done:
            return
    for delta in _read_rest(parser, reader):
        yield delta


def _read_rest(parser: NDJSONParser, reader: ChatReader) -> Sequence[Delta]:
    """The deltas of a last record without a line end, unless the connection ended within it."""
    try:
        return [delta for text in parser.end() for delta in reader.read(text)]
    except ProtocolError:
        return ()
