"""OpenAI, and every server that speaks its chat completions."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager

from ..config import OpenAISettings
from ..errors import ProtocolError, ProviderError
from ..messages import AiModel, ChatRequest, Delta
from ..transport import Request, Response, Transport
from ..wire.sse import SSEParser
from .base import AIProvider
from .failure import redact
from .http import exchange
from .openai_chat import ChunkReader, build_body

OPENAI_URL = "https://api.openai.com/v1"
_OPENAI_MODELS = ("gpt-5-mini", "gpt-5", "gpt-5-nano", "gpt-4.1", "gpt-4.1-mini", "gpt-4o")
_LOCAL = re.compile(r"(localhost|127\.|10\.|192\.168\.|\[|[^./]+(:\d+)?(/|$))")


class OpenAIProvider(AIProvider):
    """Answers by ``POST {base_url}/chat/completions``, streamed."""

    def __init__(self, name: str, settings: OpenAISettings, transport: Transport) -> None:
        self.name = name
        self._settings = settings
        self._transport = transport
        self._key = settings.api_key.get_secret_value().strip() if settings.api_key else ""
        self._base_url = normalise_base_url(settings.base_url or OPENAI_URL)
        known = settings.models or (_OPENAI_MODELS if self._is_openai else ())
        chosen = (settings.model,) if settings.model else ()
        self.models: Sequence[str] = tuple(dict.fromkeys((*chosen, *known)))

    def __repr__(self) -> str:
        return f"OpenAIProvider({self.name!r}, {self._base_url!r})"

    def missing(self) -> str | None:
        if self._is_openai and not self._key:
            return f"The provider {self.name!r} has no API key."
        return None

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        # OpenAI has renamed max_tokens; the servers that follow it mostly know the old name alone.
        key = "max_completion_tokens" if self._is_openai else "max_tokens"
        body = json.dumps(build_body(request, max_tokens_key=key)).encode()
        try:
            async with (
                self._exchange("POST", "/chat/completions", body) as response,
                aclosing(_read_deltas(response)) as deltas,
            ):
                async for delta in deltas:
                    yield delta
        except ProviderError as error:
            raise self._located(error, request.model) from None

    async def get_available_models(self) -> list[AiModel]:
        if self.missing() is not None and self._is_openai:
            return await super().get_available_models()
        try:
            async with self._exchange("GET", "/models") as response:
                listed = _read_models(await response.read())
        except ProviderError:
            return await super().get_available_models()
        names = dict.fromkeys((*self.models[:1], *listed))
        return [AiModel(name, self.name, name) for name in names]

    @property
    def _is_openai(self) -> bool:
        return self._base_url == OPENAI_URL

    @asynccontextmanager
    async def _exchange(
        self, method: str, path: str, body: bytes | None = None
    ) -> AsyncGenerator[Response, None]:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = Request(method, self._base_url + path, headers, body)
        async with exchange(self._transport, request, self._settings.timeout) as response:
            yield response

    def _located(self, error: ProviderError, model: str) -> ProviderError:
        error.provider, error.model = self.name, model
        return redact(error, self._key)


def normalise_base_url(url: str) -> str:
    """The base URL that a person means, as pasted: with or without a scheme, a trailing slash,
    ``/v1`` or the whole path of an endpoint. A path of its own is kept."""
    url = re.sub(r"(/chat/completions|/models|/responses)?/*$", "", url.strip())
    if "://" not in url:
        url = ("http://" if _LOCAL.match(url) else "https://") + url
    scheme, _, rest = url.partition("://")
    return url if "/" in rest else f"{scheme}://{rest}/v1"


async def _read_deltas(response: Response) -> AsyncGenerator[Delta, None]:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/html":
        raise ProtocolError("The server answered with a web page, not with a model's answer.")
    reader = ChunkReader()
    if kind == "application/json":
        # A server that ignores `stream` sends one JSON text.
        for delta in reader.read((await response.read(1 << 26)).decode("utf-8", "replace")):
            yield delta
    else:
        parser = SSEParser()
        async for piece in response.body:
            for event in parser.feed(piece):
                for delta in reader.read(event.data):
                    yield delta
            if reader.done:
                break
    for delta in reader.end():
        yield delta


def _read_models(body: bytes) -> list[str]:
    try:
        return [str(entry["id"]) for entry in json.loads(body)["data"]]
    except (ValueError, KeyError, TypeError):
        return []
