"""A person and a model edit one cell at the same time: whatever the order, no line is lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.notebook.page_typing import ID, SharedCell, TypingPage
from tests.support.stages.loop import settle

SOURCE = "\n".join(f"line {number}" for number in range(6))


@pytest.fixture(scope="module")
def typing() -> Iterator[TypingPage]:
    typing = TypingPage()
    yield typing
    typing.close()


class Play:
    """Each edit brings a word that nobody else writes, and takes none out: "p1" and so on of the
    person, "m1" and so on of the model."""

    def __init__(self, typing: TypingPage) -> None:
        self.cell = SharedCell(typing, SOURCE)
        self.words: list[str] = []
        self.made: list[str] = []
        self.told: list[str] = []
        self.calls: list[asyncio.Task[None]] = []

    def edit(self, source: str, word: str, number: int) -> str:
        """Return the source with the word in a line of its own, or in one that is there; or without
        a line that nobody has written to, as well."""
        lines = source.split("\n")
        kind, at = number % 4, number // 4 % len(lines)
        if kind == 0:
            lines.insert(at, word)
        elif kind == 1:
            lines[at] += f" {word}"
        elif kind == 2:
            lines[at] = f"{word} {lines[at]}"
        else:
            untouched = [n for n, line in enumerate(lines) if re.fullmatch(r"line \d", line)]
            if untouched:
                del lines[untouched[at % len(untouched)]]
            lines.append(word)
        return "\n".join(lines)

    async def type(self, number: int) -> None:
        word = f"p{len(self.words)}"
        self.words.append(word)
        self.cell.type(self.edit(self.cell.text, word, number))

    async def pause(self, _number: int) -> None:
        self.cell.pause()

    async def reach(self, number: int) -> None:
        self.cell.reach(1 + number % 3)
        await settle()

    async def arrive(self, number: int) -> None:
        self.cell.arrive(1 + number % 3)
        await settle()

    async def model(self, number: int) -> None:
        """The model edits what it has read, and again if it is told that this has changed."""
        if all(call.done() for call in self.calls):
            self.calls.append(asyncio.create_task(self.modify(number)))
            await settle()

    async def modify(self, number: int) -> None:
        word = f"m{len(self.made)}"
        for _ in range(3):
            seen = self.cell.run.seen.get(ID, SOURCE)
            source = self.edit(seen, word, number)
            told = await self.cell.call("modify_cell", cellId=ID, source=source)
            self.told.append(told)
            if '"done"' in told:
                self.made.append(word)
                return
            assert self.cell.run.seen[ID] in told

    async def end(self) -> None:
        await self.cell.quiet()
        await asyncio.gather(*self.calls)
        await self.cell.quiet()


STEPS = st.tuples(
    st.sampled_from(["type"] * 4 + ["pause"] * 2 + ["model"] * 2 + ["reach"] * 2 + ["arrive"] * 2),
    st.integers(0, 60),
)


def words_of(source: str) -> set[str]:
    return {*re.findall(r"\b[pm]\d+\b", source)}


@given(st.lists(STEPS, min_size=5, max_size=40))
def test_no_line_of_either_is_lost(typing: TypingPage, steps: list[tuple[str, int]]) -> None:
    async def run() -> None:
        play = Play(typing)
        for name, number in steps:
            await getattr(play, name)(number)
        await play.end()
        cell = play.cell
        assert cell.text == cell.source == cell.agent.notebook.cells[ID].source
        assert {*play.words, *play.made} == words_of(cell.source)
        if play.made:
            await undo(play)

    async def undo(play: Play) -> None:
        """The undo crosses with what the person types, too."""
        undoing = asyncio.create_task(play.cell.agent.undo("q"))
        await settle()
        await play.type(0)
        play.cell.pause()
        await play.end()
        await undoing
        await play.end()
        assert play.cell.text == play.cell.source
        assert {*play.words} <= words_of(play.cell.source)

    asyncio.run(run())
