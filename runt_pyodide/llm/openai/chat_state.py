"""What some servers add to a message or a call of a chat completion, and want back with it.

All of it is collected, since a server that wants a field back may say so only when it is missing.
It goes back only to those that are known to want it (presets.json), or that said so: others refuse
fields that they do not know. What nobody knows and stands in a call is kept as well, and goes back
if a refusal names it; what nobody knows and stands in a message is passed over.

Sources: ai.google.dev/gemini-api/docs/thought-signatures and /openai; OpenRouter's "Preserving
reasoning blocks", with agno-agi/agno issue 8794 and langchain-ai/langchain pull request 36401 on
its pieces; api-docs.deepseek.com/guides/thinking_mode; LiteLLM's "Reasoning content".
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..messages import Message
from ..wire.records import SurrogateJoiner

When = Literal["calls", "always"]
"""With which messages a field goes back: those with calls, or all of the model's."""
Returns = Mapping[str, When]
"""The fields that a server wants back, by name."""

_UNWANTED = re.compile(
    r"(not|n't|un)[ -]?(be )?(permitted|allowed|supported|expected|recogni[sz]ed|known)|"
    r"extra (inputs|fields)|additional propert|must not|should not|invalid (param|field)",
    re.IGNORECASE,
)
_TYPE = "openai.chat"
_OF_A_CALL = frozenset(("index", "id", "type", "function", "name", "arguments"))


@dataclass(frozen=True, slots=True)
class Field:
    """A field that servers are known to want back.

    ``instead`` satisfies them where a message has none, since another model made it; it is of use
    for the ``models`` whose names match. Refusals may call the field by one of ``also``.
    """

    name: str
    instead: Any = None
    models: str = ""
    also: tuple[str, ...] = ()


_SIGNATURE = "thought_signature"
FIELDS = {
    one.name: one
    for one in (
        # DeepSeek V4 wants it with every message, where there was none too: "" would do
        # (NousResearch/hermes-agent pull request 15228). So does Kimi, with calls; K2.5 and K2.6
        # take "" for none (theopenco/llmgateway pull request 2093).
        Field("reasoning_content", instead=" "),
        Field("reasoning"),
        Field("reasoning_details"),
        # LiteLLM, for Anthropic's models.
        Field("thinking_blocks", also=("redacted_thinking",)),
        # Gemini checks it since version 3, and documents what says that it has none to check.
        Field(
            "extra_content",
            instead={"google": {_SIGNATURE: "skip_thought_signature_validator"}},
            models=r"gemini-(?![12]\b)",
            also=(_SIGNATURE, "thoughtSignature"),
        ),
    )
}
_TEXTS = ("reasoning_content", "reasoning")
_LISTS = ("reasoning_details", "thinking_blocks")
_KINDS: Mapping[str, type] = {
    **dict.fromkeys(_TEXTS, str),
    **dict.fromkeys(_LISTS, list),
    "extra_content": dict,
}
# What grows from piece to piece, of a part of a list.
_GROWING = ("text", "summary", "thinking", "data")


class StateReader:
    """Collects from the deltas of one answer what may have to go back with its message."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {name: [] for name in _TEXTS}
        self._lists: dict[str, _Parts] = {}
        self._signature: str | None = None

    def read(self, delta: Mapping[str, Any]) -> None:
        for name, texts in self._texts.items():
            if isinstance(text := delta.get(name), str):
                texts.append(text)
        for name in _LISTS:
            if (pieces := delta.get(name)) and isinstance(pieces, list):
                self._lists.setdefault(name, _Parts()).add(pieces)
        if extra := delta.get("extra_content"):
            # Beside a signature Gemini says there that a text is a thought: that is no state.
            self._signature = _find(extra, _SIGNATURE) or self._signature

    def state(self) -> tuple[Mapping[str, Any], ...]:
        """Return the state of the turn; none if nothing was collected."""
        fields: dict[str, Any] = {
            name: _join(texts) for name, texts in self._texts.items() if any(texts)
        }
        fields |= {name: parts.joined() for name, parts in self._lists.items()}
        if self._signature is not None:
            fields["extra_content"] = {"google": {_SIGNATURE: self._signature}}
        return ({"type": _TYPE, **fields},) if fields else ()


def read_call_state(piece: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a piece of a call has besides the call."""
    if piece.keys() <= _OF_A_CALL:
        return {}
    more = _without_the_call(piece)
    return {name: value for name, value in more.items() if value not in (None, "", [], {})}


def map_state(
    message: Message, returns: Returns, model: str, named: Collection[str] = ()
) -> dict[str, Any]:
    """Return the fields that go back with one of the model's messages. ``named`` are those that a
    refusal named, and so go back with whatever stands for them."""
    state = _state_of(message)
    fields: dict[str, Any] = {}
    for name in _wanted(message, returns, named, state):
        if (value := state.get(name)) is None and name != "extra_content":
            value = _instead(name, model, named)
        if value is not None:
            fields[name] = value
    return fields


def map_call_states(
    message: Message, returns: Returns, model: str, named: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Return the fields that go back with each of a message's calls.

    Where calls are made in parallel, the first one has the signature of all; so what stands for it
    is given to the first one, if none of them has any.
    """
    states = [_without_the_call(call.state or {}) for call in message.tool_calls]
    known = {name: value for state in states for name, value in state.items()}
    wanted = [*_wanted(message, returns, named, known)]
    fields = [{name: state[name] for name in wanted if name in state} for state in states]
    if fields and "extra_content" in wanted and not any(fields):
        # A signature that came beside the calls is theirs.
        own = _state_of(message).get("extra_content")
        instead = own or _instead("extra_content", model, named)
        fields[0] = {} if instead is None else {"extra_content": instead}
    return fields


def find_named(said: str, messages: Sequence[Message]) -> Iterator[str]:
    """Yield the fields that the words of a refusal name, of those that are known, and of those that
    came with the messages."""
    for name in dict.fromkeys((*FIELDS, *_came_with(messages))):
        known = FIELDS.get(name)
        names = (name, *(known.also if known else ()))
        if name != "reasoning" and any(re.search(rf"\b{re.escape(one)}\b", said) for one in names):
            yield name


def is_sent(name: str, messages: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a field stands in one of the messages of a body, or in one of their calls."""
    return any(
        name in one for message in messages for one in (message, *message.get("tool_calls", ()))
    )


def is_unwanted(said: str) -> bool:
    """Return whether the words of a refusal say that there is a field too much, and not too few."""
    return _UNWANTED.search(said) is not None


def measure_state(
    message: Message, returns: Returns, model: str, named: Collection[str] = ()
) -> int:
    """Return how many characters go back with a message and its calls."""
    fields = map_state(message, returns, model, named)
    states = map_call_states(message, returns, model, named)
    return sum(len(json.dumps(one)) for one in (fields, *states) if one)


def _came_with(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        yield from _state_of(message)
        for call in message.tool_calls:
            yield from _without_the_call(call.state or {})


def _wanted(
    message: Message, returns: Returns, named: Collection[str], state: Mapping[str, Any]
) -> Iterator[str]:
    if message.role != "assistant":
        return
    for name, when in returns.items():
        if when == "always" or message.tool_calls:
            yield name
    for name in (*FIELDS, *state):
        if name in named and name not in returns:
            yield name


def _instead(name: str, model: str, named: Collection[str]) -> Any:
    known = FIELDS.get(name)
    if known is None or not (name in named or re.search(known.models, model)):
        return None
    return known.instead


def _state_of(message: Message) -> dict[str, Any]:
    """Return the known fields of a message's state, which a log may have from anybody."""
    items = [item for item in message.state if item.get("type") == _TYPE]
    return {
        name: item[name]
        for item in items
        for name, kind in _KINDS.items()
        if isinstance(item.get(name), kind)
    }


def _without_the_call(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in _OF_A_CALL}


@dataclass(slots=True)
class _Part:
    """A part of a list, with the texts that grow apart from the rest."""

    rest: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def add(self, piece: Mapping[str, Any]) -> None:
        for name, value in piece.items():
            if name in _GROWING and isinstance(value, str):
                self.texts.setdefault(name, []).append(value)
            elif value is not None or name not in self.rest:
                self.rest[name] = value

    def continues(self, piece: Mapping[str, Any]) -> bool:
        """Return whether a piece may be more of this part. A signature ends one that has no
        index."""
        same = all(_agree(self.rest.get(name), piece.get(name)) for name in ("type", "id"))
        index = self.rest.get("index")
        return same and index == piece.get("index") and (index is not None or not self.is_signed)

    @property
    def is_signed(self) -> bool:
        return bool(self.rest.get("signature"))

    def joined(self) -> dict[str, Any]:
        return {**self.rest, **{name: _join(texts) for name, texts in self.texts.items()}}


class _Parts:
    """A list whose parts come in pieces, from delta to delta. A piece continues the part of its
    index; without one, the last part, if that came with an earlier delta."""

    def __init__(self) -> None:
        self._parts: list[_Part] = []

    def add(self, pieces: Sequence[Any]) -> None:
        before = len(self._parts)
        for piece in pieces:
            if not isinstance(piece, Mapping):
                continue
            has_index = piece.get("index") is not None
            candidates = self._parts if has_index else self._parts[:before][-1:]
            part = next((one for one in reversed(candidates) if one.continues(piece)), None)
            if part is None:
                part = _Part()
                self._parts.append(part)
            part.add(piece)

    def joined(self) -> list[dict[str, Any]]:
        return [part.joined() for part in self._parts]


def _agree(one: Any, other: Any) -> bool:
    return one is None or other is None or one == other


def _join(texts: Sequence[str]) -> str:
    joiner = SurrogateJoiner()
    return joiner.feed("".join(texts)) + joiner.end()


def _find(value: Any, name: str) -> str | None:
    """Return the text of that name in objects within objects."""
    if not isinstance(value, Mapping):
        return None
    found = value.get(name)
    if isinstance(found, str):
        return found
    return next((text for one in value.values() if (text := _find(one, name))), None)
