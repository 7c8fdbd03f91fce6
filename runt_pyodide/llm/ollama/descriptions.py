"""What a server tells of its models by ``/api/show``, each of which is asked for once.

Servers that only speak like Ollama may have no such path. They work without: what the model can do
is then learnt from its answers, and its window is not known.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ...errors import ProtocolError, ProviderError
from ..service_client import ServiceClient
from .errors import is_final
from .models import ModelFacts, full_name, read_show

LONGEST = 1 << 24
"""Bytes of a list or a description of models that are read."""

_MOST_TRIES = 3


class Descriptions:
    """The facts of one server's models. ``is_silent`` says that it describes none."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client
        self._facts: dict[str, ModelFacts] = {}
        self._failed: Counter[str] = Counter()
        self.is_silent = False

    def find(self, model: str) -> ModelFacts | None:
        """Return what is known of a model without asking."""
        return self._facts.get(full_name(model))

    async def learn(self, model: str) -> ModelFacts:
        """Return what is known of a model that is to be asked. Raise what stands in the way of
        every request; what only keeps the server from describing it is left to the chat."""
        known = self._facts.get(full_name(model), ModelFacts(model))
        if self._is_learnt(known):
            return known
        try:
            return await self.ask(known)
        except ProviderError as error:
            if is_final(error):
                raise
            return known

    async def learn_row(self, row: ModelFacts) -> ModelFacts:
        """Return the same for a row of the list, which may be newer than what is known."""
        known = self._facts.get(full_name(row.name))
        if known is not None and known.complete and known.digest in ("", row.digest):
            row = replace(known, name=row.name, digest=row.digest)
        self._facts[full_name(row.name)] = row
        if self._is_learnt(row):
            return row
        try:
            return await self.ask(row)
        except ProviderError:
            return row

    async def ask(self, known: ModelFacts) -> ModelFacts:
        """Ask the server about a model, and return ``known`` with what it tells. Raise a
        ProviderError if it does not."""
        body = {"model": known.name}
        try:
            async with self._client.send("POST", "/api/show", body, model=known.name) as response:
                facts = read_show(known, await response.read(LONGEST))
        except ProviderError as error:
            if not is_final(error):
                self._note_silence(known.name, error)
            raise
        self._facts[full_name(known.name)] = facts
        return facts

    def _note_silence(self, model: str, error: ProviderError) -> None:
        """Remember that the server did not describe a model that it may have, or that it describes
        none: it does not know the path, by its status or by an answer of another kind. What may
        pass is tried again, a refusal is not."""
        lasting = error.status is not None and error.status < 500
        self._failed[full_name(model)] += _MOST_TRIES if lasting else 1
        lacks_path = isinstance(error, ProtocolError) or error.status in (404, 405, 501)
        self.is_silent = self.is_silent or lacks_path

    def _is_learnt(self, known: ModelFacts) -> bool:
        """Return whether there is no use in asking, now or before every turn."""
        failed = self._failed[full_name(known.name)]
        return known.complete or self.is_silent or failed >= _MOST_TRIES
