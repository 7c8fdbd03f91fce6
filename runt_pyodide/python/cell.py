"""Python cells: IPython runs them, in one namespace.

IPython is big, so it is loaded and imported when the first cell needs it. A cell that is stopped
ends in CancelledError, even if its code catches the interrupt and runs to its end.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import CellError, RuntError, is_stop
from ..execution.interrupts import was_stopped
from ..execution.questions import Questions
from ..execution.run import Run, current_run
from ..execution.stack import run_users
from ..execution.user_code import Interruptible, read_values
from ..notebook.bundle import clean_text
from ..notebook.events import Bundle, Inline
from ..notebook.hidden import show_hidden
from ..notebook.language import foreign_language
from ..tables.kept import KeptTables
from .callbacks import show_uncaught
from .kernel.pip import run_pip
from .outputs import CellOutputs, current_outputs, show_unhandled_errors
from .packages import Packages, Say
from .streams import StandardStreams
from .tracebacks import build_error

if TYPE_CHECKING:
    from .shell import Shell

_T = TypeVar("_T")
_ADVICE = (
    "Check the network, and that this page's Pyodide or package index has ipython; then run the "
    "cell again. AI cells work without it."
)


class PythonCell:
    """Runs code cells. IPython is loaded for the first of them; if that fails, the next one tries
    again. ``questions`` are put to a person; by default there is nobody. ``tables`` keeps the rows
    of tables that outputs do not hold."""

    def __init__(
        self,
        packages: Packages,
        questions: Questions | None = None,
        tables: KeptTables | None = None,
    ) -> None:
        self._packages = packages
        self._tables = tables
        self._questions = questions or Questions()
        self._loading = asyncio.Lock()
        self._ready: tuple[Shell, StandardStreams] | None = None
        self._load_imports: Callable[[], Awaitable[None]]
        self._show: Say

    async def execute(self, run: Run) -> None:
        """Run a cell. Raise CellError if the code raised or is not Python's, and CancelledError if
        the cell was stopped, even if its code ignored that."""
        if (language := foreign_language(run.notebook)) is not None:
            raise CellError(
                f"This notebook is written in {show_hidden(language[:40])}, and this runtime runs "
                "Python: nothing was run.",
                advice="Run it where that language is available, or write the code in a Python "
                "notebook.",
            )
        if not run.cell.source.strip():
            return
        shell, streams = await self._get_ready()
        outputs = CellOutputs(run)
        try:
            with shell.current(), outputs.open(), streams.of(outputs):
                code = run_users(shell.parse, run.cell.source)
                self._show = _Notice(run).show
                self._load_imports = partial(self._packages.load_imports, code.imports, self._show)
                # What %pip installs in this cell takes precedence over this Python's own packages.
                if not code.installs:
                    await self._load_imports()
                error = await Interruptible(shell.run(code, run.execution_count))
        except (KeyboardInterrupt, SystemExit) as raised:
            # They may also be raised outside the cell's own lines, by what it has hooked in.
            error = raised
        if is_stop(error) or was_stopped():
            raise asyncio.CancelledError
        if error is not None:
            raise read_values(build_error, error, shell.hidden, self._packages.unloaded)
        outputs.write_next_input()

    def variables(self) -> Mapping[str, object]:
        """Return the namespace of the cells, which is empty before the first one runs."""
        return self._ready[0].user_ns if self._ready else {}

    async def namespace(self) -> dict[str, object]:
        """Return the namespace of the cells, so that variables can be assigned. Raise CellError if
        IPython cannot be started."""
        shell, _ = await self._get_ready()
        names: dict[str, object] = shell.user_ns
        return names

    async def within(self, run: Run, work: Callable[[dict[str, Any]], Awaitable[_T]]) -> _T:
        """Return what ``work`` returns, which evaluates code of the run's cell in the namespace
        that it is given. What that prints is among the run's outputs. Raise what it raises, and
        CancelledError if it was stopped."""
        shell, streams = await self._get_ready()
        outputs = CellOutputs(run)
        with shell.current(), outputs.open(), streams.of(outputs):
            returned = await Interruptible(work(shell.user_ns))
        if was_stopped():
            raise asyncio.CancelledError
        return returned

    def show_uncaught(self, address: int, text: str) -> bool:
        """Show an error of a callback: see ``callbacks.show_uncaught``."""
        return self._ready is not None and show_uncaught(address, text, self._ready[0].hidden)

    async def prepare_completion(self) -> None:
        """Load what completions need, unless it is there. It takes a while, and none of it is code
        that has to be interrupted."""
        shell, _ = await self._get_ready()
        from . import completion

        # It is big, so it is loaded when it is first wanted; without it, IPython knows less.
        with suppress(RuntError):
            await self._packages.load("jedi")
            completion.use_jedi(shell)

    async def complete(self, code: str, cursor: int | None = None) -> dict[str, Any]:
        """Return completions at ``cursor``, counted in UTF-16 code units: see ``completion``."""
        await self.prepare_completion()
        shell, _ = await self._get_ready()
        from . import completion

        return completion.complete(shell, code, cursor)

    async def inspect(self, code: str, cursor: int | None = None) -> dict[str, Any]:
        """Return what is known about the name at ``cursor``: see ``completion``."""
        shell, _ = await self._get_ready()
        from . import completion

        return completion.inspect(shell, code, cursor)

    async def _get_ready(self) -> tuple[Shell, StandardStreams]:
        async with self._loading:
            if self._ready is None:
                self._ready = await self._load()
            return self._ready

    async def _load(self) -> tuple[Shell, StandardStreams]:
        try:
            await self._packages.load("IPython")
            from .console.stdin import Input
            from .shell import Shell

            shell = Shell(self._pip, self._tables)
        except Exception as error:  # whatever it is, no cell can run
            kind = type(error).__name__
            reason = error.message if isinstance(error, RuntError) else f"{kind}: {error}"
            raise CellError(
                f"Python cells cannot run, since IPython could not be started. {reason}",
                advice=getattr(error, "advice", "") or _ADVICE,
            ) from error
        show_unhandled_errors(asyncio.get_running_loop(), shell.hidden)
        stdin = Input(self._questions, _echo)
        stdin.install()
        return shell, StandardStreams(stdin, current_outputs)

    async def _pip(self, line: str) -> None:
        await run_pip(line, self._packages, _print, self._show)
        await self._load_imports()


def _echo(text: str) -> None:
    """Print what was asked and answered below the cell, whatever its ``sys.stdout`` is: it is for
    the reader."""
    if (outputs := current_outputs()) is not None:
        outputs.print("stdout", text)
    elif (run := current_run()) is not None:
        run.writer.stream("stdout", clean_text(text))


def _print(line: str) -> None:
    """Print a line into the running cell."""
    sys.stdout.write(f"{line}\n")


class _Notice:
    """A line in the cell's outputs that says what the runtime is doing for the cell."""

    def __init__(self, run: Run) -> None:
        self._writer = run.writer
        self._display_id: str | None = None

    def show(self, text: str) -> None:
        """Show this text in place of the previous one."""
        bundle: Bundle = {"text/plain": Inline(data=text)}
        if self._display_id is None:
            self._display_id = self._writer.new_id()
            self._writer.display(bundle, self._display_id)
        else:
            self._writer.update_display(self._display_id, bundle)
