"""The command line of ``%pip``."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import NoReturn

from ...errors import CellError
from ..packages import Installation, Packages, Say

_ADVICE = (
    "Supported are %pip install [-r FILE] [-U] [--pre] [--no-deps] [-i URL] PACKAGE ..., "
    "%pip uninstall PACKAGE ..., and %pip list."
)


async def run_pip(line: str, packages: Packages, say: Say) -> None:
    """Run the command line that follows ``%pip``. Raise CellError if that fails."""
    arguments = _parse(line)
    match arguments.command:
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
            await packages.install(wanted, _nothing if arguments.quiet else say)
        case "uninstall":
            await packages.uninstall(arguments.packages, say)
        case _:
            listed = packages.list()
            width = max((len(name) for name, _ in listed), default=0)
            for name, version in listed:
                say(f"{name:{width}}  {version}")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CellError(f"%pip: {message}.", advice=_ADVICE)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002
        raise CellError(f"%pip: {message or 'nothing to do'}.", advice=_ADVICE)


def _parse(line: str) -> argparse.Namespace:
    parser = _Parser(prog="%pip", add_help=False)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    install = commands.add_parser("install", add_help=False)
    install.add_argument("packages", nargs="*")
    install.add_argument("-r", "--requirement", action="append", default=[])
    install.add_argument("-U", "--upgrade", "--force-reinstall", action="store_true")
    install.add_argument("--pre", action="store_true")
    install.add_argument("--no-deps", action="store_true")
    install.add_argument("-i", "--index-url", action="append", default=[])
    install.add_argument("--extra-index-url", action="append", default=[])
    install.add_argument("-q", "--quiet", action="count", default=0)
    uninstall = commands.add_parser("uninstall", add_help=False)
    uninstall.add_argument("packages", nargs="+")
    uninstall.add_argument("-y", "--yes", action="store_true")
    commands.add_parser("list", add_help=False)
    commands.add_parser("freeze", add_help=False)
    try:
        return parser.parse_args(shlex.split(line, comments=True))
    except ValueError as error:
        raise CellError(f"%pip: {error}.", advice=_ADVICE) from None


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
