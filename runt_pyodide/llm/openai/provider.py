"""OpenAI, and every server that speaks its chat completions or its Responses API."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from ...errors import BadRequestError, ProtocolError, ProviderError
from ..exchange import exchange
from ..messages import AiModel, ChatRequest, Delta, FinishDelta, ThinkingDelta
from ..provider import AIProvider
from ..service_errors import redact
from ..transport.base import Request, Response, Transport
from . import chat as openai_chat
from . import responses as openai_responses
from .models import OPENAI_MODELS, openai_model, read_models, thinking_of
from .parameters import Refusals, adapt, known_refusals
from .presets import PRESETS, Preset
from .records import RecordReader
from .responses_events import EventReader
from .settings import OpenAISettings, alternative_addresses, normalise_base_url
from .stream import EventStream

OPENAI_URL = "https://api.openai.com/v1"
# With its hosts for single regions, such as eu.api.openai.com.
_OPENAI = re.compile(r"https://([a-z]+\.)?api\.openai\.com/")
_LONGEST_LIST = 1 << 24  # bytes; OpenRouter's list of models has more than one MiB


@dataclass(frozen=True, slots=True)
class Api:
    """One of the two ways to ask: where, in what words, and how the answer is read.

    ``lacks`` names the settings that it cannot be told at all.
    """

    name: Literal["chat", "responses"]
    path: str
    build_body: Callable[[ChatRequest], dict[str, Any]]
    open_reader: Callable[[str], RecordReader]
    lacks: tuple[str, ...] = ()


CHAT = Api(
    "chat",
    "/chat/completions",
    openai_chat.build_body,
    lambda _model: openai_chat.ChunkReader(),
)
RESPONSES = Api(
    "responses",
    "/responses",
    openai_responses.build_body,
    EventReader,
    openai_responses.LACKS,
)


class OpenAIProvider(AIProvider):
    """Answers by ``POST {base_url}/chat/completions`` or ``{base_url}/responses``, streamed."""

    def __init__(self, name: str, settings: OpenAISettings, transport: Transport) -> None:
        self.name = name
        self._settings = settings
        self._transport = transport
        self._key = settings.api_key.get_secret_value().strip() if settings.api_key else ""
        self._preset = PRESETS[settings.preset] if settings.preset else Preset(OPENAI_URL)
        self.base_url: str = normalise_base_url(settings.base_url or self._preset.base_url)
        self._is_openai = _OPENAI.match(self.base_url) is not None
        self._refusals = Refusals()
        self._listed: dict[str, AiModel] = {}
        known = settings.models or (OPENAI_MODELS if self._is_openai else ())
        chosen = (settings.model,) if settings.model else ()
        self.models: Sequence[str] = tuple(dict.fromkeys((*chosen, *known)))

    def __repr__(self) -> str:
        return f"OpenAIProvider({self.name!r}, {self.base_url!r})"

    def missing(self) -> str | None:
        if self._key:
            return None
        if self._is_openai:
            return f"The provider {self.name!r} has no API key."
        if self._preset.key_from and self.base_url == self._preset.base_url:
            return f"The provider {self.name!r} has no API key (from {self._preset.key_from})."
        return None

    def secrets(self) -> Sequence[str]:
        return (self._key,) if self._key else ()

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        api = self._choose_api(request.model)
        body = api.build_body(request)
        try:
            while True:
                refused = self._find_refused(api, request)
                try:
                    async with aclosing(self._ask(api, request, body, refused)) as deltas:
                        async for delta in deltas:
                            yield delta
                    return
                except BadRequestError as error:
                    # Each time it learns of one parameter more, so that this comes to an end.
                    if not self._refusals.learn(request.model, error, body, refused):
                        raise
        except ProviderError as error:
            error.model = request.model
            raise self._located(error) from None

    async def list_models(self) -> list[AiModel]:
        try:
            async with self._exchange("GET", "/models") as response:
                answer = await response.read(_LONGEST_LIST)
            listed = read_models(answer, self.name, openai=self._is_openai)
        except ProviderError as error:
            raise self._located(error) from None
        chosen = map(self._describe, self.models[:1])
        self._listed = {model.name: model for model in (*chosen, *listed)}
        return [*self._listed.values()]

    async def get_available_models(self) -> list[AiModel]:
        if not (self._is_openai and self.missing()):
            try:
                return await self.list_models()
            except ProviderError:
                pass
        return [self._describe(name) for name in self.models]

    async def describe_model(self, model: str) -> AiModel | None:
        return self._listed.get(model) or self._describe(model)

    def neighbours(self) -> Sequence[AIProvider]:
        urls = alternative_addresses(self.base_url)
        moved = [self._settings.model_copy(update={"base_url": url}) for url in urls]
        return [OpenAIProvider(self.name, one, self._transport) for one in moved]

    def supports_tools(self, model: str | None = None) -> bool:
        """True until the server's list of models says otherwise."""
        name = model or next(iter(self.models), "")
        return name not in self._listed or "tools" in self._listed[name].capabilities

    def _describe(self, name: str) -> AiModel:
        if self._is_openai:
            return openai_model(name, self.name)
        return AiModel(name, self.name, name, ("completion", "tools"))

    def _choose_api(self, model: str) -> Api:
        if self._settings.api == "auto":
            return RESPONSES if self._is_openai and thinking_of(model) != "never" else CHAT
        return CHAT if self._settings.api == "chat" else RESPONSES

    def _find_refused(self, api: Api, request: ChatRequest) -> frozenset[str]:
        refused = self._preset.refuses | self._refusals.of(request.model)
        if self._is_openai:
            effort = request.settings.reasoning_effort
            refused |= known_refusals(api.name, request.model, effort)
        return refused

    async def _ask(
        self, api: Api, request: ChatRequest, body: dict[str, Any], refused: frozenset[str]
    ) -> AsyncGenerator[Delta, None]:
        adapted, left_out = adapt(body, refused, self._preset.renames)
        left_out += tuple(n for n in api.lacks if getattr(request.settings, n) not in (None, ()))
        field, thinking = self._preset.returns_thinking, list[str]()
        async with (
            self._exchange("POST", api.path, json.dumps(adapted).encode()) as response,
            aclosing(_read_deltas(response, partial(api.open_reader, request.model))) as deltas,
        ):
            async for delta in deltas:
                if field and isinstance(delta, ThinkingDelta):
                    thinking.append(delta.text)
                elif isinstance(delta, FinishDelta):
                    if left_out:
                        delta = replace(delta, notice=_tell_left_out(left_out))
                    if field and delta.reason == "tool_calls":
                        state = openai_chat.keep_thinking(field, "".join(thinking))
                        delta = replace(delta, state=state)
                yield delta

    @asynccontextmanager
    async def _exchange(
        self, method: str, path: str, body: bytes | None = None
    ) -> AsyncGenerator[Response, None]:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = Request(method, self.base_url + path, headers, body)
        async with exchange(self._transport, request, self._settings.timeout) as response:
            yield response

    def _located(self, error: ProviderError) -> ProviderError:
        error.provider = self.name
        return redact(error, self._key)


async def _read_deltas(
    response: Response, open_reader: Callable[[], RecordReader]
) -> AsyncGenerator[Delta, None]:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/html":
        raise ProtocolError("The server answered with a web page, not with a model's answer.")
    stream: RecordReader | EventStream
    if kind == "application/json":
        # A server that ignores `stream` sends one JSON text.
        stream = open_reader()
        for delta in stream.read((await response.read(1 << 26)).decode("utf-8", "replace")):
            yield delta
    else:
        stream = EventStream(open_reader)
        async for piece in response.body:
            for delta in stream.feed(piece):
                yield delta
            if stream.done:
                break
    for delta in stream.end():
        yield delta


def _tell_left_out(names: Sequence[str]) -> str:
    return f"Left out of the request, since the model does not take it: {', '.join(names)}."
