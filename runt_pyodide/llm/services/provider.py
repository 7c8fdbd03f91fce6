"""What the providers of services have in common: they are asked over HTTP with JSON, learn what
each model refuses, and list their models. A provider of its own says how its service differs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Generic, Self, TypeVar
from urllib.parse import quote

from ...errors import ProviderError
from ..access.address import Address
from ..access.fields import merge_headers, secrets_of_body
from ..access.lookup import Lookup
from ..adaptation.adapter import Adapter, Build, Learnt
from ..adaptation.shape import IMAGES, TOOLS
from ..complaints.unread import Reach, explain_unread
from ..messages import AiModel, ChatRequest, Delta, FinishDelta
from ..provider import AIProvider
from ..service_client import ServiceClient
from ..settings import ServiceSettings
from ..transport.base import Transport
from ..wire.answer import AnswerStream
from ..wire.records import RecordReader
from .known import SERVICES

LONGEST_LIST = 1 << 24
"""Bytes of a list of models that are read."""


Settings = TypeVar("Settings", bound=ServiceSettings)


class ServiceProvider(AIProvider, Generic[Settings]):
    """A provider of one service, or of servers that speak like it. No model of the service itself
    has a slash in its name."""

    its_service: ClassVar[str]
    """The name of that service in services.json."""

    def __init__(self, name: str, settings: Settings, transport: Transport) -> None:
        self._known = known = SERVICES[self.its_service]
        self.name = name
        self._settings = settings
        self._transport = transport
        self._client = ServiceClient(
            name,
            transport,
            settings.address,
            key=settings.key,
            key_header=known.key_header,
            headers=merge_headers(known.headers, settings.headers),
            secrets=secrets_of_body(settings.extra_body),
            timeout=settings.timeout,
            explain=self._explain,
            max_answer=settings.max_answer,
        )
        self.base_url: str = self._client.base_url
        is_own = Address.read(self.base_url).host == Address.read(known.base_url).host
        self.service = self.its_service if is_own else None
        self.has_plain_names = is_own
        self._learnt = Learnt()
        self._listed: dict[str, AiModel] = {}
        self._lookup = Lookup(self.list_models)
        chosen = (settings.model,) if settings.model else ()
        self.models: Sequence[str] = tuple(
            dict.fromkeys((*chosen, *(known.models if is_own else ())))
        )

    @abstractmethod
    def _read_list(self, body: bytes) -> list[AiModel]:
        """Return the models in the answer to ``GET /models``. Raise ProtocolError if it is none."""

    @abstractmethod
    def _describe(self, name: str) -> AiModel:
        """Return a model with what its name tells."""

    def _find_known(self, request: ChatRequest) -> frozenset[str]:  # noqa: ARG002 -- an overrider's
        """Return what the model is known to refuse of a request before it was asked."""
        taken = {TOOLS: self._settings.tools, IMAGES: self._settings.vision}
        return frozenset(name for name, is_taken in taken.items() if is_taken is False)

    @abstractmethod
    def _find_refused(
        self,
        request: ChatRequest,
        error: ProviderError,
        sent: Mapping[str, Any],
        refused: frozenset[str],
    ) -> Iterator[str]:
        """Yield what an error may be about in this API's own terms."""

    def _ask(
        self,
        request: ChatRequest,
        path: str,
        build: Build,
        open_reader: Callable[[], RecordReader],
        query: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[Delta, None]:
        """Yield the deltas of one answer, and what its reader must be told at its end."""
        request = self._settings.complete(request)
        adapter = Adapter(
            request,
            build,
            self._learnt,
            partial(self._find_refused, request),
            self._find_known(request),
            self._settings.extra_body,
        )
        deltas = self._client.stream(
            path,
            adapter.body(),
            partial(AnswerStream, open_reader, self._settings.max_line),
            model=request.model,
            adapt=adapter.adapt,
            query=query,
        )
        return _tell(deltas, adapter)

    def missing(self) -> str | None:
        if self._client.secrets or not self.service:
            return None
        return f"The provider {self.name!r} has no API key (from {self._known.key_from})."

    def describe_cors(self) -> str:
        return self._known.reach.describe() if self.service else ""

    def secrets(self) -> Sequence[str]:
        return self._client.secrets

    def supports_tools(self, model: str | None = None) -> bool:
        """Return True until the service's list says otherwise; a setting decides."""
        if self._settings.tools is not None:
            return self._settings.tools
        listed = self._find(model or next(iter(self.models), ""))
        return listed is None or "tools" in listed.capabilities

    async def list_models(self) -> list[AiModel]:
        query = {self._known.page_size: "1000"}
        async with self._client.send("GET", "/models", query=query) as response:
            listed = self._read_list(await response.read(LONGEST_LIST))
        self._listed = {one.name: self._settings.decide(one) for one in listed}
        self._lookup.is_known = True
        chosen = [await self.describe_model(name) for name in self.models[:1]]
        return [*({model.name: model for model in chosen} | self._listed).values()]

    async def get_available_models(self) -> list[AiModel]:
        if self.missing() is None:
            try:
                return await self.list_models()
            except ProviderError:
                pass
        return [await self.describe_model(name) for name in self.models]

    async def describe_model(self, model: str) -> AiModel:
        return self._find(model) or self._settings.decide(self._describe(model))

    async def look_up(self, model: str) -> None:  # noqa: ARG002 -- the list has all models
        if self.missing() is None:
            await self._lookup.settle()

    async def check_model(self, model: str) -> None:
        async with self._client.send("GET", f"/models/{quote(model)}", model=model) as response:
            await response.read(LONGEST_LIST)

    def adopt(self, other: AIProvider) -> None:
        if type(other) is type(self) and self._settings.differ_in_model(other._settings):
            self._learnt, self._listed = other._learnt, other._listed
            self._lookup = other._lookup

    def elsewhere(self, base_url: str) -> Self:
        return type(self)(self.name, self._settings.elsewhere(base_url), self._transport)

    def _find(self, name: str) -> AiModel | None:
        return self._listed.get(name)

    def _explain(self, error: ProviderError) -> ProviderError:
        reach = self._known.reach if self.service else Reach()
        return explain_unread(error, reach, keyed=bool(self._client.secrets))


async def _tell(
    deltas: AsyncGenerator[Delta, None], adapter: Adapter
) -> AsyncGenerator[Delta, None]:
    async with aclosing(deltas):
        async for delta in deltas:
            if isinstance(delta, FinishDelta):
                notices = (delta.notice, *adapter.told)
                delta = replace(delta, notice=" ".join(filter(None, notices)))
            yield delta
