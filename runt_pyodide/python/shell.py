"""IPython's shell for Python cells: its outputs go to an execution's, its errors to the caller.

Importing this imports IPython. No thread is started, no history kept and no configuration read: the
browser has none of these. JupyterLite's pyodide-kernel sets up its shell much the same way, in
``pyodide_kernel/interpreter.py``.
"""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import codeop
import getpass
import linecache
import os
import sys
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import IPython
from IPython.core.compilerop import CachingCompiler
from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets.config import Config

from ..errors import CellError
from .builtin_names import BuiltinNames
from .code import Code
from .display_hooks import PlainText, Publisher, ResultHook, Screen
from .tracebacks import format_lines

_CONFIG = Config(
    # A database on disk, written by a thread; the notebook has its own history.
    HistoryManager={"enabled": False},
    # There is no pager: what `name?` finds is an output.
    InteractiveShell={"colors": "nocolor", "display_page": True},
)
# What matplotlib draws becomes displays; it reads this when it is first imported.
_MATPLOTLIB_BACKEND = "module://matplotlib_inline.backend_inline"
# What Plotly draws is data for the page; else it would write its whole JavaScript into the outputs.
_PLOTLY_RENDERER = "plotly_mimetype"


def refuse_input(*_: object, **__: object) -> NoReturn:
    """What ``input()``, ``getpass()`` and ``breakpoint()`` come to."""
    raise StdinNotImplementedError(
        "input() cannot ask here: a notebook in the browser has no place to type an answer while a "
        "cell runs. Assign the value in the cell instead."
    )


class _Compiler(CachingCompiler):
    """Names a cell's code as the reader knows the cell.

    Different cells may run under one number, since each counts its own executions: the name, by
    which tracebacks find the lines, is made unique.
    """

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002
        name = first = f"Cell In[{number}]"
        again = 1
        while name in linecache.cache:
            again += 1
            name = f"{first} ({again})"
        return name


class Shell(InteractiveShell):
    """Runs code in a module of its own. It shows on ``screen``; where that is None, nowhere.

    ``pip`` does what stands after %pip. ``hidden`` is whose frames say nothing to the writer of a
    cell: IPython's, its compiler's, ours.
    """

    hidden = (str(Path(IPython.__file__).parent), codeop.__file__, str(Path(__file__).parents[1]))

    def __init__(self, pip: Callable[[str], Awaitable[None]]) -> None:
        self._pip = pip
        self._builtins = BuiltinNames()
        self.screen: Screen | None = None
        self._running = False
        os.environ.setdefault("MPLBACKEND", _MATPLOTLIB_BACKEND)
        os.environ.setdefault("PLOTLY_RENDERER", _PLOTLY_RENDERER)
        # IPython's word on sys.exit() speaks of keys and commands that a notebook does not have.
        warnings.filterwarnings("ignore", message="To exit: use", category=UserWarning)
        super().__init__(
            config=_CONFIG,
            compiler_class=_Compiler,
            displayhook_class=ResultHook,
            display_pub_class=Publisher,
        )
        self.register_magic_function(self._run_pip, "line", "pip")  # type: ignore[arg-type]

    async def run(self, code: Code, number: int) -> BaseException | None:
        """Run a cell's code under this number; gives what it raised, a CancelledError or a
        KeyboardInterrupt too."""
        self.execution_count = number
        if not isinstance(self.user_ns.get("_oh"), dict):
            # A cell has emptied its namespace, and with it what the shell needs there.
            self.init_user_ns()
        self._running = True
        try:
            result = await self.run_cell_async(
                code.source,
                store_history=True,
                transformed_cell=code.python,
                preprocessing_exc_tuple=code.failure,
            )
        except Exception as error:  # noqa: BLE001 -- the cell has broken the shell itself
            return error
        finally:
            self._running = False
            # Matplotlib's figures are displayed by this.
            self.events.trigger("post_execute")
        self.events.trigger("post_run_cell", result)
        return _error_of(result)

    async def run_code(self, *args: Any, **kwargs: Any) -> Any:
        """Run one compiled statement, or several; IPython calls it."""
        try:
            return await super().run_code(*args, **kwargs)
        finally:
            self._builtins.mend()

    @contextmanager
    def showing(self, screen: Screen) -> Iterator[None]:
        """Show on this screen, as the shell that ``display`` and ``get_ipython`` of IPython's
        modules find: only for now, since the page may have a notebook with a shell of its own."""
        asking = getpass.getpass, sys.breakpointhook
        getpass.getpass = sys.breakpointhook = refuse_input
        self.screen = screen
        try:
            with self.current():
                yield
        finally:
            self.screen = None
            getpass.getpass, sys.breakpointhook = asking

    @contextmanager
    def current(self) -> Iterator[None]:
        """Be the shell that IPython's modules find."""
        before, InteractiveShell._instance = InteractiveShell._instance, self  # type: ignore[assignment]
        try:
            yield
        finally:
            InteractiveShell._instance = before

    def run_cell(self, *args: Any, **kwargs: Any) -> ExecutionResult:
        """For code that runs within a cell, as that of %%capture: its error is printed."""
        outer, self.displayhook.exec_result = self.displayhook.exec_result, None
        try:
            result: ExecutionResult = super().run_cell(*args, **kwargs)
        finally:
            self.displayhook.exec_result = outer
        if (error := _error_of(result)) is not None:
            self._print_error(error)
        return result

    def showtraceback(
        self,
        exc_tuple: Any = None,
        filename: str | None = None,  # noqa: ARG002
        tb_offset: int | None = None,  # noqa: ARG002
        exception_only: bool = False,
        running_compiled_code: bool = False,  # noqa: ARG002
    ) -> None:
        """Print an error that does not end the cell, as one in a rich repr; the one that does is
        what ``run_source`` gives."""
        _, error, _ = self._get_exc_info(exc_tuple)
        result = self.displayhook.exec_result
        if not self._running or (result is not None and error is not _error_of(result)):
            self._print_error(error, last_only=exception_only)

    def showsyntaxerror(
        self, filename: str | None = None, running_compiled_code: bool = False
    ) -> None:
        self.showtraceback(filename=filename, running_compiled_code=running_compiled_code)

    def ask_exit(self) -> NoReturn:
        """What ``exit`` and ``quit`` call."""
        raise SystemExit("exit and quit do not end the runtime; they end the cell.")

    def system(self, cmd: str) -> NoReturn:
        """What ``!command`` calls."""
        raise UsageError(
            f"{cmd.split()[0] if cmd.split() else cmd!r} cannot be run: there are no processes and "
            "no shell in the browser. Use Python (pathlib, shutil, urllib.request); packages are "
            "installed by %pip install."
        )

    def getoutput(self, cmd: str, *_: object, **__: object) -> NoReturn:
        """What ``x = !command`` calls."""
        self.system(cmd)

    async def _run_pip(self, line: str) -> None:
        try:
            await self._pip(line)
        except CellError as error:
            raise UsageError(str(error)) from None

    def enable_gui(self, gui: str | None = None) -> None:
        """There is one event loop, and it runs."""

    def init_display_formatter(self) -> None:
        super().init_display_formatter()
        assert self.display_formatter is not None
        plain = PlainText(parent=self.display_formatter)
        self.display_formatter.formatters["text/plain"] = plain
        # A figure of Plotly would show itself, and insist on nbformat for it.
        self.display_formatter.ipython_display_formatter.for_type_by_name(
            "plotly.basedatatypes", "BaseFigure", _let_others_show
        )

    def _print_error(self, error: BaseException, *, last_only: bool = False) -> None:
        lines = format_lines(error, self.hidden, last_only=last_only)
        sys.stderr.write("\n".join(lines) + "\n")

    def _format_exception_for_storage(
        self, exception: BaseException, *_: Any, **__: Any
    ) -> dict[str, Any]:
        # IPython's formats every error a second time, with all the source around it, for a history
        # that nobody reads here.
        return {"ename": type(exception).__name__, "evalue": "", "traceback": []}


def _let_others_show(_: object) -> NoReturn:
    """What an object says to a formatter that should pass it over."""
    raise NotImplementedError


def _error_of(result: ExecutionResult) -> BaseException | None:
    return result.error_before_exec or result.error_in_exec
