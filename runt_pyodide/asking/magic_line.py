"""The first line of an AI cell in a shell: ``%%ai [provider/model] [options] [-> name]``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

from ..ai.prompt.cell_settings import FORMATS, Asking, Format, Sampling
from ..arguments import describe
from ..errors import CellError
from ..llm.messages import ChatSettings, ReasoningEffort
from ..magic_options import MagicParser, split_words
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
--web-search yes|no   let the service search the web for the answer, or not
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
    web_search: bool | None = None
    images: Sequence[str] = ()
    format: Format | None = None
    raw: bool = False
    tools: bool = True
    context: bool = True
    target: str | None = None
    type: str | None = None

    @property
    def sampling(self) -> Sampling:
        """The sampling settings, as a cell has them."""
        stop = tuple(self.stop)
        return Sampling(self.top_p, self.seed, stop, self.reasoning_effort, self.web_search)

    @property
    def asking(self) -> Asking:
        """How the prompt is asked, as a cell's settings have it."""
        return Asking(self.tools, self.context, self.raw, self.format, self.target, self.type)


YES_OR_NO = {"yes": True, "no": False}
_FORMATS = (
    f"one of {', '.join(FORMATS)}: leave it out for any other, which is shown as Markdown, and ask "
    "for it in the prompt"
)


def _one_of(known: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


def _yes_or_no(text: str) -> bool:
    if text not in YES_OR_NO:
        raise ValueError(text)
    return YES_OR_NO[text]


def _make_parser() -> MagicParser:
    parser = MagicParser("%%ai")
    settings = get_type_hints(ChatSettings, include_extras=True)
    parser.add_argument("model", nargs="?")
    parser.add_value("--system", help="a text")
    parser.add_value("--temperature", read=float, help=describe(settings["temperature"]))
    parser.add_value("--max-tokens", read=int, help=describe(settings["max_tokens"]))
    parser.add_value("--top-p", read=float, help=describe(settings["top_p"]))
    parser.add_value("--seed", read=int, help=describe(settings["seed"]))
    parser.add_value("--stop", action="append", default=[], help="a text")
    parser.add_value(
        "--reasoning-effort", read=_one_of(EFFORTS), help=f"one of {', '.join(EFFORTS)}"
    )
    parser.add_value("--web-search", read=_yes_or_no, help="yes or no")
    parser.add_value(
        "--image", dest="images", action="append", default=[], help="a variable or a file"
    )
    parser.add_value("-f", "--format", read=_one_of(FORMATS), help=_FORMATS)
    parser.add_argument("--raw", action="store_true")
    parser.add_argument("--no-tools", dest="tools", action="store_false")
    parser.add_argument("--no-context", dest="context", action="store_false")
    parser.advice = f"Write {USAGE}. The options are {', '.join(parser.options)}."
    return parser


_PARSER = _make_parser()
OPTIONS = _PARSER.options


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
    return MagicLine(**vars(_PARSER.read_words(split_words("%%ai", line))), **target)


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
