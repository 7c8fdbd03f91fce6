"""The command line of ``%pip``."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...errors import CellError
from ...magic_options import MagicParser, split_words
from ..packages import Installation, Packages, Say

_ADVICE = (
    "Supported are %pip install [-r FILE] [-U] [--pre] [--no-deps] [-i URL] PACKAGE ..., "
    "%pip uninstall PACKAGE ..., and %pip list."
)


async def run_pip(line: str, packages: Packages, say: Say, show: Say) -> None:
    """Run the command line that follows ``%pip``. What was done is reported to ``say``, progress to
    ``show``. Raise CellError if that fails."""
    command, arguments = _parse(line)
    match command:
        case "install":
            requirements = [*arguments.packages]
            for file in arguments.requirement:
                requirements += _read_requirements(file)
            if not requirements:
                raise CellError("%pip install: no package is named.", advice=_ADVICE)
            wanted = Installation(
                tuple(requirements),
                upgrade=arguments.upgrade,
                pre=arguments.pre,
                dependencies=not arguments.no_deps,
                index_urls=tuple(arguments.index_url),
                extra_index_urls=tuple(arguments.extra_index_url),
            )
            if arguments.quiet:
                say = show = _nothing
            await packages.install(wanted, say, show)
        case "uninstall":
            await packages.uninstall(arguments.packages, say)
        case _:
            listed = packages.list()
            width = max((len(name) for name, _ in listed), default=0)
            for name, version in listed:
                say(f"{name:{width}}  {version}")


def _make_parsers() -> dict[str, MagicParser]:
    """Return the parsers of the commands, by name."""
    install = MagicParser("%pip install", _ADVICE)
    install.add_argument("packages", nargs="*")
    install.add_value("-r", "--requirement", action="append", default=[], help="a file")
    install.add_argument("-U", "--upgrade", "--force-reinstall", action="store_true")
    install.add_argument("--pre", action="store_true")
    install.add_argument("--no-deps", action="store_true")
    install.add_value("-i", "--index-url", action="append", default=[], help="an address")
    install.add_value("--extra-index-url", action="append", default=[], help="an address")
    install.add_argument("-q", "--quiet", action="count", default=0)
    uninstall = MagicParser("%pip uninstall", _ADVICE)
    uninstall.add_argument("packages", nargs="*")
    uninstall.add_argument("-y", "--yes", action="store_true")
    listing = MagicParser("%pip list", _ADVICE)
    return {"install": install, "uninstall": uninstall, "list": listing, "freeze": listing}


_PARSERS = _make_parsers()


def _parse(line: str) -> tuple[str, argparse.Namespace]:
    """Return the command and its arguments. Raise CellError if the line cannot be followed."""
    command, *words = split_words("%pip", line, comments=True) or [""]
    parser = _PARSERS.get(command)
    if parser is None:
        said = f"there is no command {command!r}" if command else "no command is given"
        raise CellError(f"%pip: {said}.", advice=_ADVICE)
    arguments = parser.read_words(words)
    if command == "uninstall" and not arguments.packages:
        parser.refuse("no package is named")
    return command, arguments


def _read_requirements(file: str) -> list[str]:
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CellError(
            f"%pip cannot read {file}: {error}.",
            advice="Write the file first, in a Python cell for example, or correct its name.",
        ) from error
    stripped = (line.partition(" #")[0].strip() for line in lines)
    return [line for line in stripped if line and not line.startswith(("#", "-"))]


def _nothing(_line: str) -> None:
    """Drop a line of progress, for --quiet."""
