"""The first line of an AI cell in a shell: ``%%ai [provider/model] [options] [-> name]``."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ..ai.prompt.cell_settings import FORMATS, Asking, Format
from ..errors import CellError
from ..llm.messages import ReasoningEffort
from .options import EFFORTS

# The parts of a line as a POSIX shell splits it.
_PART = re.compile(
    r"""(?P<blank>[ \t\r\n]+)|\\.|'[^']*'|"(?:[^"\\]|\\.)*"|(?P<open>['"])|[^\\'" \t\r\n]+|.""",
    re.DOTALL,
)
_ARROW = "->"
_BLANK = re.compile(r"(?:[ \t]*\r?\n)*")
_COMMAND = re.compile(r"%ai(?:[ \t]+(?P<line>.*))?$")
USAGE = "%%ai [provider/model] [options] [-> name | -> name: type]"
HELP = f"""Ask a model. The lines below this one are the prompt.

{USAGE}

--system TEXT         add this text to the system prompt
--temperature NUMBER  set the sampling temperature
--max-tokens NUMBER   limit the output tokens
--top-p NUMBER        sample from the likeliest tokens only
--seed NUMBER         sample the same way each time, if the service can
--stop TEXT           end the answer before this text; may be repeated
--reasoning-effort E  let the model think this much: {", ".join(EFFORTS)}
--image NAME          show the model this variable or file; may be repeated
-f, --format FORMAT   let the answer be code, which becomes the next cell, json or markdown
--raw                 send braces as they are, without the values of {{expressions}}
--no-tools            do not let the model call tools
--no-context          do not send the model earlier cells
-> name               assign the answer to this variable, as text
-> name: type         assign the answer to this variable, as a value of this type
"""


@dataclass(frozen=True, slots=True)
class MagicLine:
    """The parsed line. ``images`` are names of variables or files; ``target`` is the variable that
    the answer is assigned to, and ``type`` the source of its type."""

    model: str | None = None
    system: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: Sequence[str] = ()
    reasoning_effort: ReasoningEffort | None = None
    images: Sequence[str] = ()
    format: Format | None = None
    raw: bool = False
    tools: bool = True
    context: bool = True
    target: str | None = None
    type: str | None = None

    @property
    def asking(self) -> Asking:
        """How the prompt is asked, as a cell's settings have it."""
        return Asking(self.tools, self.context, self.raw, self.format, self.target, self.type)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CellError(
            f"%%ai: {message}.", advice=f"Write {USAGE}. The options are {', '.join(OPTIONS)}."
        )


def _read_format(text: str) -> str:
    """Return a format. Raise CellError for another one, as jupyter-ai has them."""
    if text in FORMATS:
        return text
    raise CellError(
        f"%%ai: there is no format {text!r}: the formats are {', '.join(FORMATS)}.",
        advice="Leave -f out for any other: the answer is shown as Markdown. "
        "Ask in the prompt for what it is to hold.",
    )


def _make_parser() -> _Parser:
    parser = _Parser(prog="%%ai", add_help=False, allow_abbrev=False)
    parser.add_argument("model", nargs="?")
    parser.add_argument("--system")
    parser.add_argument("--temperature", type=float)
    parser.add_argument("--max-tokens", type=int)
    parser.add_argument("--top-p", type=float)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--stop", action="append", default=[])
    parser.add_argument("--reasoning-effort", choices=EFFORTS)
    parser.add_argument("--image", dest="images", action="append", default=[])
    parser.add_argument("-f", "--format", type=_read_format)
    parser.add_argument("--raw", action="store_true")
    parser.add_argument("--no-tools", dest="tools", action="store_false")
    parser.add_argument("--no-context", dest="context", action="store_false")
    return parser


_PARSER = _make_parser()
OPTIONS = [option for action in _PARSER._actions for option in action.option_strings]


def split_magic(source: str, magic: str) -> tuple[str, str] | None:
    """Return the rest of the line of a cell magic, such as "%%ai", and what stands below it; None
    for any other cell. Only blank lines may stand above a cell magic."""
    blank = _BLANK.match(source)
    first, _, rest = source[blank.end() if blank else 0 :].partition("\n")
    name, _, line = first.strip().replace("\t", " ").partition(" ")
    return (line.strip(), rest) if name == magic and first.startswith(magic) else None


def split_cell(source: str) -> tuple[str, str] | None:
    """Return the line and the prompt of an AI cell; None for any other cell."""
    return split_magic(source, "%%ai")


def split_timed(source: str) -> tuple[str, str] | None:
    """Return the line and the prompt of an AI cell below a line ``%%time``; None for any other."""
    timed = split_magic(source, "%%time")
    return None if timed is None or timed[0] else split_cell(timed[1])


def find_command(source: str) -> str | None:
    """Return the command of a cell that is a single ``%ai`` line; None for any other cell."""
    first, _, rest = source.partition("\n")
    found = _COMMAND.match(first.rstrip())
    return None if found is None or rest.strip() else found["line"] or ""


def is_ai_cell(source: str) -> bool:
    """Return whether a cell is an AI cell or a ``%ai`` command."""
    found = split_cell(source) or split_timed(source)
    return found is not None or find_command(source) is not None


def parse_line(line: str) -> MagicLine:
    """Parse the line. Raise CellError, which says what is wrong and names the known options."""
    target: dict[str, Any] = {}
    if (arrow := _find_arrow(line)) is not None:
        target = _read_target(line[arrow + len(_ARROW) :])
        line = line[:arrow]
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise CellError(f"%%ai: {error}.", advice="Close the quotation mark.") from None
    return MagicLine(**vars(_PARSER.parse_args(words)), **target)


def _find_arrow(line: str) -> int | None:
    """Return the place of the first arrow that begins a word, outside quotation marks."""
    begins = True
    for part in _PART.finditer(line):
        if part["open"]:
            return None
        if begins and line.startswith(_ARROW, part.start()):
            return part.start()
        begins = part["blank"] is not None
    return None


def _read_target(text: str) -> dict[str, Any]:
    """Read what stands behind the arrow: the name of a variable, and its type behind a colon."""
    name, colon, kind = (part.strip() for part in text.partition(":"))
    if not name.isidentifier():
        raise CellError(
            f"%%ai: {name!r} is not the name of a variable.",
            advice="Write -> name, or -> name: type, at the end of the line.",
        )
    if colon and not kind:
        raise CellError(
            f"%%ai: there is no type behind '{name}:'.",
            advice=f"Write -> {name}: list[str], for example, or -> {name} for text.",
        )
    return {"target": name, "type": kind or None}
