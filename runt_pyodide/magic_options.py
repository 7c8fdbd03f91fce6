"""The options on the line of a magic, such as ``%%ai`` or ``%pip``. What is wrong with one is said
in whole sentences, where argparse's own words are those of a command."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from .errors import CellError

# argparse takes a time that grows with the square of the number of options.
_LONGEST_LINE = 20_000


class MagicParser(argparse.ArgumentParser):
    """Parses the words behind the name of a ``magic``. The ``help`` of an option says in a few
    words what its value is, "a number" for example. ``advice`` ends each error."""

    def __init__(self, magic: str, advice: str = "") -> None:
        super().__init__(prog=magic, add_help=False, allow_abbrev=False, exit_on_error=False)
        self.advice = advice

    @property
    def options(self) -> list[str]:
        """The names of the options."""
        return [option for action in self._actions for option in action.option_strings]

    def add_value(self, *names: str, read: Callable[[str], Any] = str, **settings: Any) -> None:
        """Add an option with a value, which ``read`` returns of the text. What raises a ValueError
        is refused in a sentence."""

        def take(text: str) -> Any:
            try:
                return read(text)
            except ValueError:
                self.refuse(f"{names[-1]} must be {settings['help']}, not {text!r}")

        self.add_argument(*names, type=take, **settings)

    def read_words(self, words: Sequence[str]) -> argparse.Namespace:
        """Return what the words say. Raise CellError, in a sentence, if one cannot be used."""
        try:
            found, left = self.parse_known_args(words)
        except argparse.ArgumentError as error:
            self._refuse_argument(error.argument_name or "")
        if left:
            self._refuse_word(left)
        return found

    def refuse(self, problem: str, advice: str = "") -> NoReturn:
        raise CellError(f"{self.prog}: {problem}.", advice=advice or self.advice)

    def error(self, message: str) -> NoReturn:
        """Refuse what argparse refuses without an ArgumentError."""
        self.refuse(message)

    def _refuse_argument(self, name: str) -> NoReturn:
        action = next(one for one in self._actions if "/".join(one.option_strings) == name)
        option = action.option_strings[-1]
        if action.nargs == 0:
            self.refuse(f"{option} takes no value")
        self.refuse(f"{option} needs {action.help} behind it")

    def _refuse_word(self, words: Sequence[str]) -> NoReturn:
        option = words[0].partition("=")[0]
        if not option.startswith("-"):
            self.refuse(f"{' '.join(words)!r} cannot stand there")
        near = get_close_matches(option, self.options, 1)
        self.refuse(
            f"there is no option {option!r}",
            f"Did you mean {near[0]}? {self.advice}" if near else "",
        )


def split_words(magic: str, line: str, *, comments: bool = False) -> list[str]:
    """Return the words of a line, as a POSIX shell splits it. Raise CellError if a quotation mark
    is not closed, or if the line is longer than anybody writes one."""
    if len(line) > _LONGEST_LINE:
        raise CellError(
            f"{magic}: the line has {len(line):,} characters; at most {_LONGEST_LINE:,} are read.",
            advice="Write what is long below the line, or into a variable.",
        )
    try:
        return shlex.split(line, comments=comments)
    except ValueError:
        raise CellError(
            f"{magic}: a quotation mark is not closed, or a backslash ends the line.",
            advice="Close the quotation mark, or write \\\\ for a backslash.",
        ) from None
