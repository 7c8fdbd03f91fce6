"""The commands that notebooks use for files, in Python: ``ls``, ``cat``, ``mkdir`` and the like.

``run_line`` runs lines of them. Each command is a function of its options, its arguments and the
function that takes its output; it raises OSError, or CommandError with what a shell would say.
"""

from __future__ import annotations

import cmd
import getopt
import io
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from .command_line import Command, ShellSyntaxError, parse
from .lacking import refusal

Write = Callable[[str], object]
Options = dict[str, str]
Run = Callable[[Options, list[str], Write], None]

_WIDTH = 80
_TAKEN = "taken"
"""The option that a program, not a person, reads what is printed."""
_LINES = re.compile(r"^-(?=\d+$)")  # head -5


class CommandError(Exception):
    """A command that failed; the text says why, without the command's name."""


class CannotRunError(Exception):
    """A line that takes a real shell, or a program that is not here; the text says what to do."""


def run_line(text: str, taker: Write | None = None) -> int:
    """Run lines of commands and return the exit status of the last. What they print goes to
    ``sys.stdout``, or to ``taker`` as a program would take it; what failed, to ``sys.stderr``.

    Raise CannotRunError, before anything runs, if something in them cannot run here.
    """
    try:
        commands = parse(text)
    except ShellSyntaxError as error:
        raise _cannot_run(str(error)) from None
    for command in commands:
        if command.name not in COMMANDS:
            raise _cannot_run(f"there is no {command.name}")
    status = 0
    for command in commands:
        if status == 0 or not command.is_conditional:
            status = _run(command, taker)
    return status


def run_for_os(command: str) -> int:
    """Run a line in place of ``os.system``, and return the status that a system would. Raise
    OSError for what cannot run here: a status is easily overlooked."""
    try:
        return run_line(command) << 8
    except CannotRunError as error:
        raise refusal(OSError(), str(error)) from None


def _cannot_run(reason: str) -> CannotRunError:
    return CannotRunError(
        f"This cannot be run in a notebook for the browser: {reason}. "
        f"What can: {', '.join(COMMANDS)}, and %pip. "
        "Use Python for the rest, such as pathlib, shutil and urllib.request."
    )


def _run(command: Command, taker: Write | None) -> int:
    shorts, function = COMMANDS[command.name]
    try:
        options, arguments = _read_options(command, shorts)
        if command.target is not None:
            with Path(command.target).open(command.mode, encoding="utf-8") as file:
                function({**options, _TAKEN: ""}, arguments, file.write)
        elif taker is not None:
            function({**options, _TAKEN: ""}, arguments, taker)
        else:
            function(options, arguments, sys.stdout.write)
    except (CommandError, OSError, shutil.Error) as error:
        sys.stderr.write(f"{command.name}: {_describe(error)}\n")
        return 1
    return 0


def _read_options(command: Command, shorts: str) -> tuple[Options, list[str]]:
    """Return the options that were given and the other arguments. Long options, which only say how
    the output looks (``--color=auto``), are passed over."""
    arguments = command.arguments()
    if command.name == "echo":
        flag = arguments[:1] == ["-n"]
        return {"n": ""} if flag else {}, arguments[flag:]
    rest = arguments.index("--") if "--" in arguments else len(arguments)
    own = [one for one in arguments[:rest] if not one.startswith("--")]
    if "n:" in shorts:
        own = [_LINES.sub("-n", one) for one in own]
    try:
        options, values = getopt.gnu_getopt(own, shorts)
    except getopt.GetoptError as error:
        known = " ".join(f"-{one}" for one in shorts.replace(":", ""))
        raise CommandError(f"{error.msg}. The options here are: {known or 'none'}") from None
    return {name.lstrip("-"): value for name, value in options}, [*values, *arguments[rest + 1 :]]


def _describe(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


# Looking


def _ls(options: Options, arguments: list[str], write: Write) -> None:
    paths = [Path(one) for one in arguments or ["."]]
    for path in paths:
        path.lstat()  # raises if it is not there
    plain = [path for path in paths if "d" in options or not path.is_dir()]
    folders = [path for path in paths if path not in plain]
    if plain:
        _list(plain, options, write, str)
    for number, folder in enumerate(folders):
        if len(paths) > 1 or "R" in options:
            write(f"{chr(10) if plain or number else ''}{folder}:\n")
        _list(_entries(folder, options), options, write, lambda path: path.name)
        if "R" in options:
            folders[number + 1 : number + 1] = sorted(
                one for one in _entries(folder, options) if one.is_dir() and not one.is_symlink()
            )


def _entries(folder: Path, options: Options) -> list[Path]:
    every = "a" in options or "A" in options
    return [one for one in folder.iterdir() if every or not one.name.startswith(".")]


def _list(paths: Iterable[Path], options: Options, write: Write, name: Callable[..., str]) -> None:
    ordered = _ordered(paths, options)
    suffix = "F" in options or "p" in options
    names = [name(path) + ("/" if suffix and path.is_dir() else "") for path in ordered]
    if "l" in options:
        for line in _long_lines(ordered, names, "h" in options):
            write(line)
    elif "1" in options or _TAKEN in options:
        write("".join(f"{one}\n" for one in names))
    elif names:
        said = io.StringIO()
        cmd.Cmd(stdout=said).columnize(names, _WIDTH)
        write(said.getvalue())


def _ordered(paths: Iterable[Path], options: Options) -> list[Path]:
    ordered = sorted(paths)
    if "t" in options:
        ordered.sort(key=lambda path: -path.lstat().st_mtime)
    if "S" in options:
        ordered.sort(key=lambda path: -path.lstat().st_size)
    return ordered[::-1] if "r" in options else ordered


def _long_lines(paths: Sequence[Path], names: Sequence[str], human: bool) -> Iterator[str]:
    found = [path.lstat() for path in paths]
    sizes = [_human(one.st_size) if human else str(one.st_size) for one in found]
    width = max(map(len, sizes), default=0)
    for one, size, name in zip(found, sizes, names, strict=True):
        changed = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.st_mtime))
        yield f"{stat.filemode(one.st_mode)} {size:>{width}} {changed} {name}\n"


def _human(size: float) -> str:
    for unit in ("", "K", "M", "G"):
        if size < 1024:
            return f"{size:.1f}{unit}" if unit and size < 10 else f"{size:.0f}{unit}"
        size /= 1024
    return f"{size:.1f}T"


def _pwd(_options: Options, _arguments: list[str], write: Write) -> None:
    write(f"{Path.cwd()}\n")


def _cat(options: Options, arguments: list[str], write: Write) -> None:
    for number, line in enumerate(_lines_of(arguments), 1):
        write(f"{number:6}\t{line}" if "n" in options else line)


def _head(options: Options, arguments: list[str], write: Write) -> None:
    for line in [*_lines_of(arguments)][: _count(options)]:
        write(line)


def _tail(options: Options, arguments: list[str], write: Write) -> None:
    count = _count(options)
    for line in [*_lines_of(arguments)][-count:] if count else ():
        write(line)


def _wc(options: Options, arguments: list[str], write: Write) -> None:
    for name in _needed(arguments):
        data = Path(name).read_bytes()
        counts = {"l": data.count(b"\n"), "w": len(data.split()), "c": len(data)}
        shown = [
            str(counts[one]) for one in counts if one in options or not set(counts) & set(options)
        ]
        write(f"{' '.join(shown)} {name}\n")


def _count(options: Options) -> int:
    try:
        return abs(int(options.get("n", "10")))
    except ValueError:
        raise CommandError(f"{options['n']!r} is not a number of lines") from None


def _lines_of(names: list[str]) -> Iterator[str]:
    for name in _needed(names):
        yield from Path(name).read_text("utf-8", errors="replace").splitlines(keepends=True)


def _echo(options: Options, arguments: list[str], write: Write) -> None:
    write(" ".join(arguments) + ("" if "n" in options else "\n"))


# Changing


def _mkdir(options: Options, arguments: list[str], _write: Write) -> None:
    for name in _needed(arguments):
        if "p" in options:
            os.makedirs(name, exist_ok=True)
        else:
            os.mkdir(name)


def _rmdir(_options: Options, arguments: list[str], _write: Write) -> None:
    for name in _needed(arguments):
        os.rmdir(name)


def _touch(_options: Options, arguments: list[str], _write: Write) -> None:
    for name in _needed(arguments):
        Path(name).touch()


def _rm(options: Options, arguments: list[str], _write: Write) -> None:
    for name in _needed(arguments):
        path = Path(name)
        if "f" in options and not os.path.lexists(name):
            continue
        if not path.is_dir() or path.is_symlink():
            path.unlink()
        elif "r" in options or "R" in options:
            shutil.rmtree(path)
        else:
            raise CommandError(f"{name}: is a directory; rm -r removes it")


def _cp(options: Options, arguments: list[str], _write: Write) -> None:
    for source, target in _pairs(arguments):
        if not os.path.isdir(source):
            shutil.copy2(source, target)
        elif any(one in options for one in "rRa"):
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            raise CommandError(f"{source}: is a directory; cp -r copies it")


def _mv(_options: Options, arguments: list[str], _write: Write) -> None:
    for source, target in _pairs(arguments):
        if os.path.isfile(source) and os.path.isfile(target):
            os.replace(source, target)
        else:
            shutil.move(source, target)


def _pairs(arguments: list[str]) -> list[tuple[str, str]]:
    """Return each source and where it goes: the last argument, or a name in that folder."""
    if len(arguments) < 2:
        raise CommandError("a source and a destination are needed")
    *sources, target = arguments
    if os.path.isdir(target):
        return [(one, os.path.join(target, Path(one).name)) for one in sources]
    if len(sources) > 1:
        raise CommandError(f"{target} is not a directory")
    return [(sources[0], target)]


def _needed(arguments: list[str]) -> list[str]:
    if not arguments:
        raise CommandError("a name is needed")
    return arguments


def _ll(options: Options, arguments: list[str], write: Write) -> None:
    _ls({**options, "l": ""}, arguments, write)


_LS = "1aAdFGhlopRrSt"
COMMANDS: dict[str, tuple[str, Run]] = {
    "ls": (_LS, _ls),
    "ll": (_LS, _ll),
    "pwd": ("", _pwd),
    "cat": ("n", _cat),
    "less": ("n", _cat),
    "more": ("n", _cat),
    "head": ("n:", _head),
    "tail": ("n:", _tail),
    "wc": ("lwc", _wc),
    "echo": ("n", _echo),
    "mkdir": ("p", _mkdir),
    "rmdir": ("", _rmdir),
    "touch": ("", _touch),
    "rm": ("rRf", _rm),
    "cp": ("rRaf", _cp),
    "mv": ("f", _mv),
}
"""Each command's options, as getopt writes them, and what it does."""
