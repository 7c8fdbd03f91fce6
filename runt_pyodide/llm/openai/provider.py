"""OpenAI, and every server that speaks its chat completions or its Responses API: thin glue."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from ...errors import BadRequestError, ModelNotFoundError, ProtocolError, ProviderError
from ..access.address import Address
from ..access.budget import Budget
from ..access.fields import secrets_of_body
from ..access.lookup import Lookup
from ..adaptation.adapter import Adapter, Built, Learnt
from ..adaptation.parameters import tell_left_out
from ..adaptation.shape import IMAGES, TOOLS, WEB_SEARCH
from ..adaptation.wordings import STREAM, WITHOUT
from ..catalog.sight import sees_by_name
from ..complaints.unread import Reach, explain_unread
from ..messages import AiModel, Capability, ChatRequest, Delta, FinishDelta, Message
from ..provider import AIProvider
from ..service_client import ServiceClient
from ..transport.base import Transport
from ..wire.answer import AnswerStream
from ..wire.records import RecordReader
from . import chat as openai_chat
from . import responses as openai_responses
from .chat_state import Returns, find_named, is_sent, is_unwanted, measure_state
from .models import OPENAI_MODELS, find_listed, openai_model, read_models, thinking_of
from .parameters import adapt, find_refused, known_refusals, refusals_of_preset
from .presets import service_of_host
from .responses_events import EventReader
from .settings import OpenAISettings, alternative_addresses

UNWANTED = "unwanted."
"""With the name of a field behind it, which may not go back with messages."""

_LONGEST_LIST = 1 << 24  # bytes; OpenRouter's list of models has more than one MiB


@dataclass(frozen=True, slots=True)
class Api:
    """One of the two ways to ask: its path, and the two mappings. ``lacks`` names the settings that
    it cannot be told at all."""

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
        self._preset, address = preset, _ = settings.find_service()
        self._reach = Reach(preset.title, preset.cors, preset.cors_allows, preset.cors_checked)
        self._client = ServiceClient(
            name,
            transport,
            address,
            key=settings.key,
            key_header=self._preset.key_header,
            headers=settings.headers,
            secrets=secrets_of_body(settings.extra_body),
            timeout=settings.timeout,
            explain=self._explain,
            max_answer=settings.max_answer,
        )
        self.base_url: str | None = self._client.base_url if address else None
        self.service = service_of_host(Address.read(address).host)
        self.has_plain_names = self.service is not None and self._preset.plain_names
        self._is_openai = self.service == "openai"
        self._learnt = Learnt()
        self._listed: dict[str, AiModel] = {}
        self._lookup = Lookup(self.list_models)
        known = settings.models or (OPENAI_MODELS if self._is_openai else ())
        chosen = (settings.model,) if settings.model else ()
        self.models: Sequence[str] = tuple(dict.fromkeys((*chosen, *known)))

    def missing(self) -> str | None:
        if self.base_url is None:
            title = self._preset.title
            return f"The provider {self.name!r} has no base URL: {title} has none of its own."
        if self._settings.key or self._has_own_credentials():
            return None
        if self._preset.key_from and self.service:
            return f"The provider {self.name!r} has no API key (from {self._preset.key_from})."
        return None

    def describe_cors(self) -> str:
        return self._reach.describe()

    def _explain(self, error: ProviderError) -> ProviderError:
        return explain_unread(error, self._reach, keyed=bool(self._client.secrets))

    def _has_own_credentials(self) -> bool:
        """Whether headers or parameters of one's own stand for the key."""
        return bool(self._client.secrets)

    def secrets(self) -> Sequence[str]:
        return self._client.secrets

    async def execute_prompt_stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        request = self._settings.complete(request)
        api = self._choose_api(request.model, is_searching=bool(request.settings.web_search))
        adapter = Adapter(
            request,
            partial(self._build, api),
            self._learnt,
            partial(_find_refused, request),
            self._find_known(api, request),
            self._settings.extra_body,
        )
        deltas = self._client.stream(
            api.path,
            adapter.body(),
            partial(AnswerStream, partial(api.open_reader, request.model), self._settings.max_line),
            model=request.model,
            adapt=adapter.adapt,
        )
        async with aclosing(deltas):
            async for delta in deltas:
                if isinstance(delta, FinishDelta):
                    notices = (delta.notice, *adapter.told)
                    delta = replace(delta, notice=" ".join(filter(None, notices)))
                yield delta

    async def list_models(self) -> list[AiModel]:
        listed = [self._settings.decide(model) for model in await self._read_list()]
        self._listed.clear()
        self._listed.update((model.name, model) for model in listed)
        self._lookup.is_known = True
        chosen = [self._find(name) or self._describe(name) for name in self.models[:1]]
        models = {model.name: model for model in chosen} | self._listed
        return [*models.values()]

    async def get_available_models(self) -> list[AiModel]:
        if self.base_url and not (self._is_openai and self.missing()):
            try:
                return await self.list_models()
            except ProviderError:
                pass
        return [self._describe(name) for name in self.models]

    async def describe_model(self, model: str) -> AiModel | None:
        return self._find(model) or self._describe(model)

    async def _read_list(self) -> list[AiModel]:
        """Return what the service lists: where its preset says that more is told, if that can be
        read, or else at ``/models``."""
        told = self._preset.lists
        if told is None:
            return [self._describe(name) for name in self.models]
        if told:
            try:
                return await self._get_list(told, from_root=True)
            except (ModelNotFoundError, BadRequestError, ProtocolError):
                pass  # an earlier version, or a server before it that passes on less
        return await self._get_list("/models")

    async def _get_list(self, path: str, *, from_root: bool = False) -> list[AiModel]:
        async with self._client.send("GET", path, from_root=from_root) as response:
            return read_models(
                await response.read(_LONGEST_LIST),
                self.name,
                openai=self._is_openai,
                sees=self._sees,
                excludes=self._preset.excludes,
            )

    async def find_budget(self) -> Budget | None:
        if not self._preset.budget or self.missing() is not None:
            return None
        try:
            async with self._client.send("GET", self._preset.budget) as response:
                return Budget.read(await response.read(_LONGEST_LIST))
        except ProviderError:
            return None

    async def look_up(self, model: str) -> None:  # noqa: ARG002 -- the list has all models
        if not self._is_openai and self.missing() is None:
            await self._lookup.settle()

    def adopt(self, other: AIProvider) -> None:
        if isinstance(other, OpenAIProvider) and self._settings.differ_in_model(other._settings):
            self._learnt, self._listed = other._learnt, other._listed
            self._lookup = other._lookup

    def alternative_addresses(self) -> Sequence[str]:
        return alternative_addresses(self.base_url) if self.base_url else ()

    def elsewhere(self, base_url: str) -> AIProvider:
        return OpenAIProvider(self.name, self._settings.elsewhere(base_url), self._transport)

    def state_size(self, message: Message, model: str) -> int:
        if self._choose_api(model) is not CHAT:
            return super().state_size(message, model)
        return measure_state(message, *self._find_returned(model, self._learnt.of(model)))

    def supports_tools(self, model: str | None = None) -> bool:
        """Return True until the server's list of models says otherwise; a setting decides."""
        if self._settings.tools is not None:
            return self._settings.tools
        listed = self._find(model or next(iter(self.models), ""))
        return listed is None or "tools" in listed.capabilities

    def _find(self, name: str) -> AiModel | None:
        """Return what the server's list tells of a model. A program that one runs oneself with one
        model often answers with it whatever the name is."""
        return find_listed(name, self._listed, is_only=self.service is None)

    def _describe(self, name: str) -> AiModel:
        if self._is_openai:
            return self._settings.decide(openai_model(name, self.name))
        seeing: tuple[Capability, ...] = ("vision",) if self._sees(name) else ()
        return self._settings.decide(
            AiModel(name, self.name, name, ("completion", "tools", *seeing))
        )

    def _sees(self, name: str) -> bool:
        """Return whether a model sees by its name, which says something at known services alone."""
        is_known = self.service is not None or self._settings.preset is not None
        return is_known and sees_by_name(name)

    def _choose_api(self, model: str, *, is_searching: bool = False) -> Api:
        if self._settings.api == "auto":
            is_fit = is_searching or thinking_of(model) != "never"
            return RESPONSES if self._is_openai and is_fit else CHAT
        return CHAT if self._settings.api == "chat" else RESPONSES

    def _find_known(self, api: Api, request: ChatRequest) -> frozenset[str]:
        """Return what the model is known to refuse before it was asked."""
        settings = self._settings
        own = {TOOLS: settings.tools, IMAGES: settings.vision}
        known = {name for name, is_taken in own.items() if is_taken is False}
        known |= refusals_of_preset(self._preset)
        if api is CHAT and not self._preset.search:
            known.add(WEB_SEARCH)
        if self._is_openai:
            known |= known_refusals(api.name, request.model, request.settings.reasoning_effort)
        return frozenset(known)

    def _build(self, api: Api, request: ChatRequest, refused: frozenset[str]) -> Built:
        whole = self._build_body(api, request, refused)
        body, left_out = adapt(whole, refused, self._preset.renames)
        told = [*tell_left_out((*left_out, *_find_lacking(api, request)))]
        if STREAM in refused:
            told.append("The service does not stream this model, so its answer came in one piece.")
        return Built(body, tuple(told))

    def _build_body(
        self, api: Api, request: ChatRequest, refused: frozenset[str]
    ) -> dict[str, Any]:
        if api is not CHAT:
            return api.build_body(request)
        returns, _, named = self._find_returned(request.model, refused)
        body = openai_chat.build_body(request, returns, named, refused)
        return {**body, **self._preset.search} if request.settings.web_search else body

    def _find_returned(
        self, model: str, refused: Collection[str]
    ) -> tuple[Returns, str, frozenset[str]]:
        """Return the fields that go back to a model: those that are known of the service but are
        not refused; and those that a refusal named."""
        unwanted = {one.removeprefix(UNWANTED) for one in refused if one.startswith(UNWANTED)}
        named = {one.removeprefix(WITHOUT) for one in refused if one.startswith(WITHOUT)}
        known = self._preset.returns
        returns = {name: when for name, when in known.items() if name not in unwanted}
        return returns, model, frozenset(named - unwanted)


def _find_refused(
    request: ChatRequest, error: ProviderError, sent: Mapping[str, Any], refused: Collection[str]
) -> Iterator[str]:
    """Yield what an error may be about in this API's own terms: fields that the service wants back,
    or parameters."""
    if isinstance(error, BadRequestError):
        said = f"{error.message} {error.param or ''}"
        for name in find_named(said, request.messages):
            is_too_much = is_unwanted(said) and is_sent(name, sent.get("messages", ()))
            yield (UNWANTED if is_too_much else WITHOUT) + name
    yield from find_refused(error, sent, refused)


def _find_lacking(api: Api, request: ChatRequest) -> list[str]:
    """Return the settings of a request that the API cannot be told."""
    return [name for name in api.lacks if getattr(request.settings, name) not in (None, ())]
