"""The command line: reads what it is told, runs the notebook, and returns the exit status."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

from ..errors import FileError, RuntError
from ..ipynb import read_ipynb, write_ipynb
from ..ipynb.write import LOADER_ID
from ..notebook.clock import Clock
from ..notebook.events import Event
from ..notebook.language import foreign_language
from ..notebook.state import Notebook
from .arguments import Options, read_arguments
from .difference import describe_difference, require_nbdime
from .files import check_writable, read_text, write_text
from .notebook_run import AUTHOR, Plan, Result, cells_to_run, run_cells, working_in
from .progress import Progress
from .providers import open_cassette, read_config

SUCCEEDED, FAILED, REFUSED, STOPPED = 0, 1, 2, 130


def main(argv: list[str] | None = None) -> int:
    """Run a notebook as ``argv`` says, and return the exit status: see --help."""
    options = read_arguments(argv)
    try:
        return _run(_with_whole_paths(options))
    except RuntError as error:
        sys.stderr.write(f"{error}\n")
    except KeyboardInterrupt:
        return STOPPED
    return REFUSED


def _run(options: Options) -> int:
    text, events = _read_notebook(options.notebook)
    config = read_config(options, os.environ)
    if options.diff:
        require_nbdime()
    for written_to in (options.output, options.cassette if options.record else None):
        if written_to is not None:
            check_writable(written_to)
    plan = Plan(config, options.allow, options.timeout, keeps_going=options.keep_going)
    stdout, stderr = sys.stdout, sys.stderr  # cells have their own
    progress = Progress(stderr, len(cells_to_run(Notebook(events))), quiet=options.quiet)
    with open_cassette(options):
        with working_in(options.notebook.parent):
            result = asyncio.run(run_cells(events, plan, progress))
        written = write_ipynb(result.notebook, adds_loader=f'"{LOADER_ID}"' in text)
        if options.output is not None:
            write_text(options.output, written)
    if options.diff:
        stdout.write(describe_difference(options.notebook, text, written))
    progress.summarize(result, options.output)
    return _status_of(result)


def _read_notebook(path: Path) -> tuple[str, list[Event]]:
    """Return the text of a notebook's file, and the events that make it. Raise FileError."""
    try:
        text = read_text(path)
        events = read_ipynb(text, AUTHOR, Clock().new_id)
        _check_notebook(Notebook(events))
    except FileError as error:
        raise FileError(f"{path}: {error.message}", advice=error.advice) from None
    return text, events


def _check_notebook(notebook: Notebook) -> None:
    if not notebook.cells:
        raise FileError("This notebook has no cells.")
    if (language := foreign_language(notebook)) is not None:
        raise FileError(
            f"This notebook is written in {language[:40]!r}, and only Python can be run."
        )


def _with_whole_paths(options: Options) -> Options:
    """Return the options with paths that hold in any folder: the cells run in the notebook's."""
    names = ("notebook", "output", "config", "cassette")
    paths = {name: path for name in names if (path := getattr(options, name)) is not None}
    return replace(options, **{name: path.absolute() for name, path in paths.items()})


def _status_of(result: Result) -> int:
    if result.was_stopped:
        return STOPPED
    return FAILED if result.has_failed else SUCCEEDED
