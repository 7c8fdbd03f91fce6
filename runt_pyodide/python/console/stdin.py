"""What asks a person in Python: ``input()``, ``getpass.getpass()`` and ``sys.stdin``.

They are put in place once, and remain, for what cells have started and for the tools of AI cells.
Importing this imports IPython.
"""

from __future__ import annotations

import builtins
import getpass
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from IPython.core.error import StdinNotImplementedError

from ...execution.questions import CannotAskError, Questions
from .debugger import Debugger

_DOTS = "········"


class Input(io.TextIOBase):
    """``sys.stdin`` of cells: each line that is read from it is a question. What was asked and
    answered is told to ``echo``."""

    def __init__(self, questions: Questions, echo: Callable[[str], object]) -> None:
        self._questions = questions
        self._echo = echo
        self._rest = ""

    def install(self) -> None:
        """Serve ``input()``, ``getpass()`` and ``breakpoint()`` from here on; ``sys.stdin`` is left
        to the caller."""
        sys.breakpointhook = self.breakpoint
        builtins.input = self.input
        getpass.getpass = self.getpass

    def input(self, prompt: object = "", /) -> str:
        """Ask for a line of text and return it. Raise EOFError if the person ends the input.

        The prompt, if there is one, is shown beside the field for the answer.
        """
        answer = self._ask(str(prompt))
        if answer is None:
            raise EOFError("The input was ended without an answer.")
        return answer

    def getpass(
        self,
        prompt: str = "Password: ",
        stream: TextIO | None = None,  # noqa: ARG002 -- as in Python's own
        *,
        echo_char: str | None = None,  # noqa: ARG002
    ) -> str:
        """Ask for a password, which nothing shows, and return it. Raise EOFError if the person ends
        the input."""
        answer = self._ask(str(prompt), is_secret=True)
        if answer is None:
            raise EOFError("The input was ended without an answer.")
        return answer

    def breakpoint(self, *_: object, **__: object) -> None:
        """Open the debugger in the function that calls this."""
        with _refusing():
            self._questions.check()
        Debugger().set_trace(sys._getframe(1))  # type: ignore[no-untyped-call]  # IPython's own

    @property
    def name(self) -> str:
        return "<stdin>"

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a plain attribute in the stubs
        return "utf-8"

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """Return the next line, "" once the person ends the input."""
        text, self._rest = self._rest, ""
        if not text:
            answer = self._ask("")
            text = "" if answer is None else f"{answer}\n"
        end = text.find("\n") + 1
        if size is not None and size >= 0:
            end = min(end, size)
        self._rest = text[end:]
        return text[:end]

    def read(self, size: int | None = -1, /) -> str:
        """Return lines until the person ends the input, or ``size`` characters."""
        text = ""
        while size is None or size < 0 or len(text) < size:
            line = self.readline(-1 if size is None or size < 0 else size - len(text))
            if not line:
                break
            text += line
        return text

    def close(self) -> None:
        """Stay open, as the other streams do."""

    def _ask(self, prompt: str, *, is_secret: bool = False) -> str | None:
        sys.stdout.flush()
        shown = ""
        try:
            with _refusing():
                answer = self._questions.ask(prompt, is_secret=is_secret)
            shown = _DOTS if is_secret and answer is not None else answer or ""
        except KeyboardInterrupt:
            self._echo(f"{prompt}\n")
            raise
        self._echo(f"{prompt}{shown}\n")
        return answer


@contextmanager
def _refusing() -> Iterator[None]:
    """Raise what Jupyter raises where nobody can be asked."""
    try:
        yield
    except CannotAskError as error:
        raise StdinNotImplementedError(str(error)) from None
