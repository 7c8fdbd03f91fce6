"""Conversations with a model: objects to ask, of which each keeps its own exchanges."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from typing import Self

from ..ai.prompt.cell_settings import pictures_of
from ..ai.record.read import read_turns, repair
from ..arguments import FilePath, check_arguments, says_how
from ..llm.messages import Message
from ..notebook.state import Cell
from .asker import Asker
from .dialogue import Dialogue
from .saved import read_file, write_exchanges, write_file
from .session import current_session

_KINDS = {"path": FilePath}


class Conversation(Asker):
    """A conversation with a model: call it, and each question is told of the exchanges before it,
    as many as the model's context window has room for.

    ::

        chat = Conversation()
        await chat("My name is Ada.")
        await chat("What is my name?")

    The providers are those of ``configure``. An exchange is part of the conversation once it is
    answered: questions that are asked at once do not see each other, and one that was cancelled is
    left out. ``last`` is the last answer, with its ``value``, calls, usage and price.
    """

    @says_how
    def __init__(self) -> None:
        super().__init__()

    @property
    def ask(self) -> Self:
        """This conversation: ``chat.ask(...)`` is ``chat(...)``."""
        return self

    def _open_dialogue(self) -> Dialogue:
        return Dialogue(current_session())

    @property
    def messages(self) -> list[Message]:
        """The exchanges that the next question can be told of: prompts, answers, and the calls
        with their results."""
        messages: list[Message] = []
        for cell in self._answered():
            messages.append(Message("user", cell.source, images=pictures_of(cell).images))
            messages += repair(read_turns(self.dialogue.notebook.outputs_of(cell.id)))
        return messages

    def reset(self) -> None:
        """Forget the exchanges, also those that are still going on."""
        self.last = None
        self.dialogue.reset()

    def fork(self) -> Conversation:
        """Return a new conversation that begins with the exchanges of this one."""
        fork = Conversation()
        fork.last = self.last
        fork.dialogue.restore([*write_exchanges(self.dialogue.notebook, self._answered())])
        return fork

    def save(self, path: str | PathLike[str]) -> None:
        """Write the exchanges to a file, as JSON. It holds the prompts, the answers, the calls and
        the pictures, and no key."""
        check_arguments("save", _KINDS, {"path": path})
        write_file(path, write_exchanges(self.dialogue.notebook, self._answered()))

    @staticmethod
    def load(path: str | PathLike[str]) -> Conversation:
        """Return the conversation that ``save`` wrote to a file. Raise OSError if it cannot be
        read, and FileError if it holds no conversation."""
        check_arguments("load", _KINDS, {"path": path})
        conversation = Conversation()
        conversation.dialogue.restore(read_file(path))
        return conversation

    def _answered(self) -> Iterator[Cell]:
        return (cell for cell in self.dialogue.told if cell.cell_type == "ai")
