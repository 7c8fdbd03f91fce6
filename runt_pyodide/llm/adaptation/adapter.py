"""One request on its way to a service, changed by each refusal until it is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import ProviderError
from ..access.fields import merge_body
from ..messages import ChatRequest
from .shape import shape, tell_news
from .wordings import refused_by_words

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Built:
    """A body, and the sentences that the reader of its answer must be told."""

    body: Body
    told: tuple[str, ...] = ()


Build = Callable[[ChatRequest, frozenset[str]], Built]
"""Makes a shaped request a body of one API, without what is refused."""
Find = Callable[[ProviderError, Mapping[str, Any], frozenset[str]], Iterator[str]]
"""Names what an error refuses of a body in one API's own terms, besides what was before."""


class Learnt:
    """What each model was seen to refuse, as long as the provider of its address lives."""

    def __init__(self) -> None:
        self._refused: dict[str, set[str]] = {}

    def of(self, model: str) -> frozenset[str]:
        return frozenset(self._refused.get(model, ()))

    def add(self, model: str, name: str) -> None:
        self._refused.setdefault(model, set()).add(name)


@dataclass(slots=True)
class Adapter:
    """The body of one request, as its model takes it, as far as is known.

    ``build`` and ``find`` are the API's own part, ``known`` what the model refuses as was known
    beforehand; ``extra`` is merged into the body last. ``last`` is the last body, and ``told`` what
    the reader of the answer to it must be told; what costs the reader nothing is told only when it
    is learnt.
    """

    request: ChatRequest
    build: Build
    learnt: Learnt
    find: Find = lambda *_: iter(())
    known: frozenset[str] = frozenset()
    extra: Mapping[str, Any] = field(default_factory=dict)
    told: tuple[str, ...] = field(default=(), init=False)
    _news: tuple[str, ...] = field(default=(), init=False)
    last: Body = field(default_factory=dict, init=False)
    _refused: frozenset[str] = field(default=frozenset(), init=False)

    def body(self) -> Body:
        """Return the body with all that is not known to be refused."""
        self._refused = self.known | self.learnt.of(self.request.model)
        self.last, self.told = self._build(self._refused)
        return self.last

    def adapt(self, error: ProviderError, sent: Mapping[str, Any]) -> Body | None:
        """Return the body without what the service refused of the one that was ``sent``, and
        remember it; None if the error is about nothing that can be done without.

        Each refusal is learnt once, so that this comes to an end, and only if it changes the body.
        """
        before = self._refused
        for name in self._find(error, sent):
            if name in before:
                continue
            body, told = self._build(before | {name})
            if body != sent:
                self._news += tell_news(name, self.request.model)
                self._refused, self.last, self.told = before | {name}, body, (*told, *self._news)
                self.learnt.add(self.request.model, name)
                return body
        return None

    def _find(self, error: ProviderError, sent: Mapping[str, Any]) -> Iterator[str]:
        yield from refused_by_words(error)
        yield from self.find(error, sent, self._refused)

    def _build(self, refused: frozenset[str]) -> tuple[Body, tuple[str, ...]]:
        shaped = shape(self.request, refused)
        built = self.build(shaped.request, refused)
        return merge_body(built.body, self.extra), (*shaped.told, *built.told)
