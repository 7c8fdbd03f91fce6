"""``record`` and ``replay``: while one is in use, all that models are asked goes through it.

::

    with record("course.json"):
        await ask("Why is the sky blue?")

    with replay("course.json"):        # the same answers, without a key or a network
        await ask("Why is the sky blue?")
"""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from ...arguments import FilePath, Flag, check_arguments, says_how
from ...errors import NotRecordedError, RuntError
from ..cassette.cassette import Cassette
from ..cassette.file import check_writable, read_cassette, write_cassette
from ..cassette.recorder import Recorder
from ..cassette.replay import Replay
from ..cassette.tape import Tape
from ..provider import AIProvider
from ..registry import ProviderRegistry
from .player import Player, RecordedOnly

Mode = Literal["all", "new", "once", "none"]
"""What is sent to the services: all requests, those that the cassette does not hold, all of them if
there is no cassette yet, or none."""

_KINDS = {"path": FilePath, "mode": Mode, "strict": Flag}
_running: list[Deck] = []


@says_how
def record(path: str | PathLike[str], mode: Mode = "all") -> Deck:
    """Record all that models are asked, by whatever asks, and write it to a file in the end.

    ``mode`` says what becomes of a file that is there: "all" records everything again, "new" plays
    it and adds what it does not hold, "once" only plays it. Keys are taken out.
    """
    check_arguments("record", _KINDS, {"path": path, "mode": mode})
    return Deck(path, mode)


@says_how
def replay(path: str | PathLike[str], *, strict: bool = False) -> Deck:
    """Answer all that models are asked from a file that ``record`` wrote, without a key or a
    network. A request that it does not hold raises NotRecordedError, which tells what differs.

    Equal requests get their answers in the order of the recording, and the last one again and
    again. If it is ``strict``, each request has to be made exactly as often as it was recorded.
    """
    check_arguments("replay", _KINDS, {"path": path, "strict": strict})
    return Deck(path, "none", strict=strict)


class Deck:
    """A cassette in use, within ``with`` or between ``start()`` and ``stop()``: in this Python, for
    all that asks. Of several, the one that was started last is used. ``how`` says how it is
    recorded again."""

    def __init__(
        self, path: str | PathLike[str], mode: Mode, *, strict: bool = False, how: str | None = None
    ) -> None:
        self.path = Path(path)
        self._mode = mode
        self._strict = strict
        self._how = how or f"with record({self.path.as_posix()!r}): ..."
        self._tape: Tape | None = None
        self._replay: Replay | None = None
        self._earlier = Cassette()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stop(error)

    def start(self) -> Self:
        """Use the cassette from now on. Raise ConfigError if the file cannot be read, or not be
        written though it would have to be, and RuntError if it is in use already."""
        if self in _running:
            raise RuntError(f"The cassette {str(self.path)!r} is in use.", advice="Stop it first.")
        there = self.path.exists()
        plays = self._mode == "none" or (there and self._mode != "all")
        records = self._mode in ("all", "new") or (self._mode == "once" and not there)
        if records:
            check_writable(self.path)
        self._earlier = read_cassette(self.path, self._how) if plays else Cassette()
        self._tape = Tape() if records else None
        self._replay = self._open_replay() if plays else None
        _running.append(self)
        return self

    def stop(self, error: BaseException | None = None) -> None:
        """Stop using the cassette, and write what was recorded. If an ``error`` ended it, a file
        that was to be recorded again stays as it was.

        Raise NotRecordedError if it is strict and not all was asked for.
        """
        _running.remove(self)
        if self._tape is not None:
            self._write(self._tape, error)
        elif self._strict and error is None and self._replay is not None:
            _refuse_unused(self._replay, self.path)

    @property
    def cassette(self) -> Cassette:
        """What the file holds, and what was recorded since."""
        return _join(self._earlier, self._tape.cassette() if self._tape else Cassette())

    def providers(self, registry: ProviderRegistry) -> ProviderRegistry:
        """Return what stands in place of the providers while the cassette is used."""
        if self._replay is None:
            return registry.with_others(map(self._through, registry.list()))
        players = [*self._players(registry, self._replay)]
        return registry.with_others(players, _choose_default(registry, self._replay))

    def _players(self, registry: ProviderRegistry, replay: Replay) -> Iterator[Player]:
        for provider in registry.list():
            otherwise = None if self._tape is None else self._through(provider)
            yield Player(provider, replay, otherwise)
        for name in replay.providers:
            if registry.get(name) is None:
                yield Player(RecordedOnly(name, replay), replay)

    def _through(self, provider: AIProvider) -> AIProvider:
        return provider if self._tape is None else Recorder(provider, tape=self._tape)

    def _open_replay(self) -> Replay:
        return Replay(
            self._earlier,
            strict=self._strict,
            name=f"The cassette {str(self.path)!r}",
            advice=f"Undo the change, or record it again: {self._how}",
        )

    def _write(self, tape: Tape, error: BaseException | None) -> None:
        tape.close()
        if error is not None and self._mode == "all" and self.path.exists():
            error.add_note(f"The cassette {str(self.path)!r} stays as it was before.")
            return
        if tape.is_empty and self.path.exists() and self._mode != "all":
            return
        write_cassette(self.path, self.cassette)


def on_deck(registry: ProviderRegistry) -> ProviderRegistry:
    """Return the providers that are asked now: those of the registry, or what stands in their place
    while a cassette is recorded or played."""
    return _running[-1].providers(registry) if _running else registry


def _choose_default(registry: ProviderRegistry, replay: Replay) -> str | None:
    """Return which provider a question goes to that names none: the notebook's own, if it was
    recorded or is ready; else the one that was recorded first."""
    recorded = replay.providers
    if not recorded:
        return None
    chosen = registry.default
    names = [one.name for one in registry.list()] if chosen is None else [chosen]
    ready = [name for name in names if name in recorded or _is_ready(registry, name)]
    known = [name for name in ready if name in recorded]
    return (known or ready or [*recorded])[0]


def _is_ready(registry: ProviderRegistry, name: str) -> bool:
    return registry.require(name).missing() is None


def _refuse_unused(replay: Replay, path: Path) -> None:
    if unused := replay.unused:
        last = next((one.content for one in reversed(unused[0].request.messages)), "")
        raise NotRecordedError(
            f"{len(unused)} of the requests in the cassette {str(path)!r} were not made; the first "
            f"of them ends with {last[-80:]!r}."
        )


def _join(one: Cassette, other: Cassette) -> Cassette:
    """Return a cassette with the turns of both. What the later one knows of a provider is added."""
    providers = {each.name: each for each in one.providers}
    for each in other.providers:
        before = providers.get(each.name)
        if before is not None:
            kept = {model.name: model for model in (*before.models, *each.models)}
            tools = {*before.without_tools, *each.without_tools}
            update = {"models": (*kept.values(),), "without_tools": (*sorted(tools),)}
            each = each.model_copy(update=update)
        providers[each.name] = each
    return Cassette(
        provider=other.provider or one.provider,
        providers=(*providers.values(),),
        turns=(*one.turns, *other.turns),
    )
