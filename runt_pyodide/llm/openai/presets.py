"""Services that speak OpenAI's chat completions: their addresses, and what each of them wants.

The data is in presets.json, which the demo page reads too. It was gathered in November 2026 from
public documentation and reports; ``source`` names those that it relies on. No service was asked:
what one refuses beyond this is learnt from its answers (see ``parameters``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

from ..complaints.unread import Allows
from .chat_state import Returns

Role = Literal["alternate", "no user after tool", "ends with user or tool"]
"""A rule of order: "alternate": user and assistant take turns, and the user begins. "no user after
tool": an assistant's message stands between a tool's result and a user's message. "ends with user
or tool": the last message is no assistant's."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is added to a base URL whose path and query ``match``: the path, in which "{model}"
    stands for the request's model, and parameters of the query, unless they are given."""

    match: str = ""
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preset:
    """A known service. ``title`` is what people call it. ``base_url`` is "" if everybody has one of
    their own; ``hosts`` is a pattern for the hosts at which it is, besides that of ``base_url``.
    ``key_from`` says where a key comes from, a URL or words, or "" if none is asked for.

    ``key_header`` is the header that the key goes into in place of Authorization; ``places`` say
    where the API is, of which the first that matches counts; ``lists`` is the path, from the
    host's root, of a list of models that says more than ``/models``; None if the service lists
    none that can be asked; ``budget`` is the path of what a key may spend;
    ``search`` is what a request says so that the service searches the web for the answer.

    ``refuses`` names parameters that the service is known to refuse, ``renames`` those that it
    knows by another name. ``returns`` names the fields of an answer's message, and of its calls,
    that must go back to it: with the messages that have calls ("calls") or with every message of
    the model's ("always"), see ``chat_state``. ``roles`` are its rules of order, ``ids`` is the
    pattern of the ids of calls ("": any). ``excludes`` are patterns of the names of models that do
    not chat, besides those that are known everywhere; ``plain_names`` says that no model has a
    slash in its name.

    ``cors`` says what a page must know, and ``cors_allows`` whether it may read the answers, as
    it was on the date ``cors_checked`` (a year, or a month: "2026-11"); a fact that nobody could
    check is "unknown", and its date is "" unless reports of that date differ.
    """

    title: str = ""
    base_url: str = ""
    hosts: str = ""
    key_from: str = ""
    key_header: str = ""
    places: tuple[Place, ...] = ()
    lists: str | None = ""
    budget: str = ""
    search: Mapping[str, Any] = field(default_factory=dict)
    refuses: frozenset[str] = frozenset()
    renames: Mapping[str, str] = field(default_factory=dict)
    returns: Returns = field(default_factory=dict)
    roles: tuple[Role, ...] = ()
    ids: str = ""
    excludes: tuple[str, ...] = ()
    plain_names: bool = False
    cors: str = ""
    cors_allows: Allows = "unknown"
    cors_checked: str = ""
    source: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is a program that one runs oneself, unless the base URL says otherwise."""
        return self.base_url.startswith("http://")

    def is_at(self, host: str) -> bool:
        """Return whether a host is one of the service's own."""
        if self.is_local:
            return False
        own = urlsplit(self.base_url).hostname or ""
        return host == own or bool(self.hosts and re.fullmatch(self.hosts, host))

    def place_of(self, path: str, query: str) -> Place:
        """Return what is added to an address, by its path and its query."""
        given = f"{path}?{query}" if query else path
        return next((one for one in self.places if re.search(one.match, given)), Place())


UNKNOWN = Preset()
"""What is known of a service that is not among the presets."""


def _read() -> dict[str, Preset]:
    presets: dict[str, dict[str, Any]] = json.loads(
        (files(__package__) / "presets.json").read_text("utf-8")
    )
    return {name: _build(facts) for name, facts in presets.items()}


def _build(facts: Mapping[str, Any]) -> Preset:
    lists = {key: tuple(value) for key, value in facts.items() if isinstance(value, list)}
    lists["places"] = tuple(Place(**place) for place in facts.get("places", ()))
    lists["refuses"] = frozenset(facts.get("refuses", ()))  # type: ignore[assignment]
    return Preset(**{**facts, **lists})


PRESETS: Mapping[str, Preset] = MappingProxyType(_read())


def service_of_host(host: str) -> str | None:
    """Return the name of the preset whose service is at a host; None if there is none."""
    return next((name for name, preset in PRESETS.items() if preset.is_at(host)), None)


def preset_of_host(host: str) -> Preset:
    """Return what is known of the service at a host; ``UNKNOWN`` if it is not among the presets."""
    name = service_of_host(host)
    return PRESETS[name] if name else UNKNOWN
