"""What the command line can be told."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

_ABOUT = "Run notebooks with AI cells without a browser."
_RUN = """\
Run the cells of a notebook from top to bottom, in this Python: Python cells as on
the page, AI cells with their tools, SQL cells. The first cell that fails ends it.

The models' services are configured by --config, or else by the environment:
OPENAI_API_KEY, OPENAI_BASE_URL, OLLAMA_HOST, RUNT_AI_PROVIDER, and for --provider
NAME its NAME_API_KEY. With --cassette no service is asked: the answers are those
that were recorded."""
_END = """\
exit status:
  0    every cell succeeded
  1    a cell failed, or took longer than --timeout
  2    nothing was run: a file, an option or the configuration cannot be used
  130  stopped by Ctrl+C; what was done by then is written

examples:
  python -m runt_pyodide run lesson.ipynb -o out.ipynb
  python -m runt_pyodide run lesson.ipynb --cassette lesson.json --record
  python -m runt_pyodide run lesson.ipynb --cassette lesson.json --diff"""


@dataclass(frozen=True, slots=True)
class Options:
    """What ``run`` was told. ``allow`` are names of tools, among which "all" stands for every one;
    ``record`` is how a cassette is recorded, or None if it is only played."""

    notebook: Path
    output: Path | None = None
    provider: str | None = None
    model: str | None = None
    config: Path | None = None
    cassette: Path | None = None
    record: str | None = None
    allow: tuple[str, ...] = ()
    timeout: float | None = None
    keep_going: bool = False
    diff: bool = False
    quiet: bool = False


def read_arguments(argv: list[str] | None) -> Options:
    """Return what the command line says. Exit with status 2 and a sentence if it cannot be read."""
    parser = _make_parser()
    told = vars(parser.parse_args(argv))
    command = told.pop("command")
    allow = tuple(name for given in told.pop("allow") for name in given.split(",") if name)
    options = Options(**told, allow=allow)
    if options.record is not None and options.cassette is None:
        command.error("--record needs --cassette FILE, the file to record into.")
    if options.model is not None and options.provider is None and "/" not in options.model:
        command.error("--model needs --provider NAME, or a model as PROVIDER/MODEL.")
    return options


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m runt_pyodide", description=_ABOUT, allow_abbrev=False
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    run = commands.add_parser(
        "run",
        help="run a notebook",
        description=_RUN,
        epilog=_END,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    run.set_defaults(command=run)
    run.add_argument("notebook", type=Path, metavar="NOTEBOOK", help="the .ipynb file")
    _add_output(run.add_argument_group("what becomes of it"))
    _add_models(run.add_argument_group("models"))
    _add_rules(run.add_argument_group("how it runs"))
    return parser


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="write the notebook with its new outputs to this file, whole or not at all; it may be "
        "NOTEBOOK itself. Without it nothing is written",
    )
    group.add_argument(
        "--diff",
        action="store_true",
        help="print what the run changed in the notebook, as nbdime shows it",
    )
    group.add_argument(
        "-q", "--quiet", action="store_true", help="report only what failed, not each cell"
    )


def _add_models(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--provider",
        metavar="NAME",
        help="the provider of AI cells that name none: of the configuration, or a type or service "
        "such as openai, ollama, test, groq",
    )
    group.add_argument(
        "--model", metavar="NAME", help="the model of AI cells that name none; PROVIDER/MODEL too"
    )
    group.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="the AI configuration, a JSON file as the page and startRuntime take it",
    )
    group.add_argument(
        "--cassette",
        type=Path,
        metavar="FILE",
        help="answer from this recording; a request that it does not hold is an error",
    )
    group.add_argument(
        "--record",
        nargs="?",
        const="all",
        choices=("all", "new", "once"),
        metavar="WHAT",
        help="ask the services, and write what they answer to the cassette: all (the default), new "
        "(only what it does not hold) or once (only if there is no such file)",
    )


def _add_rules(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="TOOL",
        help="let models call this tool, which would ask a person first; several with commas, or "
        "all. Without it such a call fails its cell, which says so",
    )
    group.add_argument(
        "--timeout",
        type=_read_seconds,
        metavar="SECONDS",
        help="stop a cell that takes longer",
    )
    group.add_argument(
        "--keep-going", action="store_true", help="run the cells below one that failed, too"
    )


def _read_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time in seconds, such as 60")
    return seconds
