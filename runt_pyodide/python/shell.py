"""IPython's shell for Python cells. Importing this imports IPython.

A cell runs by ``run_cell_async``, as in any kernel. What it shows goes to its outputs. The error
that ends it goes to the caller, who reports it; any other error is printed. IPython starts no
thread, writes no history and reads no configuration here, since the browser has no place for these.
A cell may break what the shell relies on, such as its namespace and the builtins: both are
repaired. JupyterLite's pyodide-kernel sets up its shell in much the same way, in
``pyodide_kernel/interpreter.py``.
"""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import builtins
import codeop
import sys
import warnings
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import IPython
from IPython.core.error import UsageError
from IPython.core.events import EventManager, available_events
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.utils.text import LSString, SList
from traitlets.config import Config

from ..errors import CellError, is_stop
from ..execution.stack import run_reader, run_users
from ..execution.waiting import wait_for
from ..tables.kept import KeptTables
from ..tables.resource import DATA_RESOURCE
from .code import CellCompiler, Code, keeping_lines
from .console.debugger import Debugger
from .display_hooks import PlainText, Publisher, ResultHook, TableData
from .kernel.awaiting import run_magic
from .kernel.libraries import CONFIG, choose_renderers, register_formatters
from .kernel.magics import register_magics, require_windowless
from .kernel.progress import show_bars_as_text
from .outputs import current_outputs
from .system.commands import COMMANDS, CannotRunError, run_line
from .tracebacks import format_lines

_CONFIG = Config(
    # By default it is a database on disk, written by a thread.
    HistoryManager={"hist_file": ":memory:"},
    # There is no pager: what `name?` finds becomes an output.
    InteractiveShell={"colors": "nocolor", "display_page": True},
    # %ls, %cat and so on, which IPython leaves to a shell.
    AliasManager={"default_aliases": [(name, name) for name in COMMANDS if name != "pwd"]},
    **CONFIG,
)
_CANNOT_WAIT = "The code awaits, and what runs it within the cell cannot wait for it here."
_AWAIT_IT = "Write the code, with its await, in the cell itself."
_SCRIPTS = ("bash", "sh", "script", "perl", "ruby", "python", "python2", "python3", "pypy")


class BuiltinNames:
    """The functions and types among Python's builtins, as they are when this is made. Cells share
    them with everything else in the interpreter."""

    def __init__(self) -> None:
        # Kept, since ``mend`` cannot rely on any builtin.
        self._callable = callable
        self._now = vars(builtins)
        self._names = {name: value for name, value in self._now.items() if callable(value)}

    def mend(self) -> None:
        """Restore the builtins that were deleted, or replaced by something that cannot be called:
        nothing would run without them. A cell may replace one with another function."""
        for name, value in self._names.items():
            if name not in self._now or not self._callable(self._now[name]):
                self._now[name] = value


class Hooks(EventManager):
    """The callbacks that run before and after a cell. A stop ends them as it ends the cell."""

    def trigger(self, event: str, *args: Any, **kwargs: Any) -> None:
        for callback in self.callbacks[event][:]:
            try:
                run_users(callback, *args, **kwargs)
            except BaseException as error:  # a callback may be anybody's
                if is_stop(error):
                    raise
                sys.stderr.write(f"Error in {callback} (for {event}):\n")
                self.shell.showtraceback()


class Shell(InteractiveShell):
    """Runs code in a module of its own.

    ``pip`` runs the command line of %pip. ``tables`` keeps the rows of tables that outputs do not
    hold. ``hidden`` are the files whose frames are of no use to
    the author of a cell: IPython's, its compiler's, ours.
    """

    hidden = (
        str(Path(IPython.__file__).parent),
        codeop.Compile.__call__.__code__.co_filename,  # the module may be bytecode, in another file
        str(Path(__file__).parents[1]),
    )

    def __init__(
        self, pip: Callable[[str], Awaitable[None]], tables: KeptTables | None = None
    ) -> None:
        self._pip = pip
        self._tables = tables
        self._builtins = BuiltinNames()
        self._running = False
        self._inner_error: BaseException | None = None
        choose_renderers()
        # IPython's warning about sys.exit() names keys and commands that a notebook does not have.
        warnings.filterwarnings("ignore", message="To exit: use", category=UserWarning)
        super().__init__(
            config=_CONFIG,
            compiler_class=CellCompiler,
            displayhook_class=ResultHook,
            display_pub_class=Publisher,
        )
        transformers = self.input_transformer_manager.token_transformers
        transformers[:] = [keeping_lines(each) for each in transformers]
        self.register_magic_function(self._run_pip, "line", "pip")  # type: ignore[arg-type]
        self.register_magic_function(self._print_last_error, "line", "tb")  # type: ignore[arg-type]
        register_magics(self)
        self.loop_runner = _wait_for
        show_bars_as_text()
        self.InteractiveTB.debugger_cls = Debugger
        for name in _SCRIPTS:
            run_script = partial(self._run_script, name)
            self.register_magic_function(run_script, "cell", name)  # type: ignore[arg-type]

    def parse(self, source: str) -> Code:
        """Return the code of a cell."""
        return Code.of(source, super().transform_cell)

    def transform_cell(self, raw_cell: str) -> str:
        """Return the Python that a source becomes, for what runs code within a cell. Raise what its
        transformation raises."""
        if (code := self.parse(raw_cell)).failure is not None:
            raise code.failure[1]
        return code.python

    async def run(self, code: Code, number: int) -> BaseException | None:
        """Run a cell's code under this number, and return what it raised, including CancelledError
        and KeyboardInterrupt; or else what code raised that it ran by a magic or by ``run_cell``.
        """
        self.execution_count = number
        self._count_inputs_to(number)
        if not isinstance(self.user_ns.get("_oh"), dict):
            # A cell may have emptied its namespace, including what the shell needs there.
            self.init_user_ns()
        self._running, self._inner_error = True, None
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
            # This displays Matplotlib's figures.
            self.events.trigger("post_execute")
        self.events.trigger("post_run_cell", result)
        return _error_of(result) or self._inner_error

    def _count_inputs_to(self, number: int) -> None:
        """Make the next input the one with this number, so that ``In[n]`` is the input of cell [n]:
        cells of other types have numbers too."""
        if self.history_manager is not None:
            for inputs in (
                self.history_manager.input_hist_parsed,
                self.history_manager.input_hist_raw,
            ):
                inputs += [""] * (number - len(inputs))

    async def run_code(self, *args: Any, **kwargs: Any) -> Any:
        """Run one compiled statement, or several; IPython calls it."""
        try:
            return await super().run_code(*args, **kwargs)
        finally:
            self._builtins.mend()

    @contextmanager
    def current(self) -> Iterator[None]:
        """Within this, be the shell that ``display`` and ``get_ipython`` find. If the page has no
        other shell, this one remains, for what the cell has started."""
        before: Any = InteractiveShell._instance
        InteractiveShell._instance = self  # type: ignore[assignment]
        try:
            yield
        finally:
            if before is not None:
                InteractiveShell._instance = before

    def run_cell(self, *args: Any, **kwargs: Any) -> ExecutionResult:
        """Run code within a cell, such as that of %%capture, which goes on after an error."""
        with self._within():
            result: ExecutionResult = super().run_cell(*args, **kwargs)
        self._note_result(result)
        return result

    async def run_within(self, source: str) -> None:
        """Run code that awaits within a cell, which goes on after an error."""
        code = self.parse(source)
        with self._within():
            try:
                result = await self.run_cell_async(
                    source, transformed_cell=code.python, preprocessing_exc_tuple=code.failure
                )
            finally:
                self.events.trigger("post_execute")
        self._note_result(result)

    async def run_awaiting_magic(self, name: str, line: str, cell: str | None = None) -> Any:
        """Run a magic over code that awaits: see ``kernel.awaiting``."""
        return await run_magic(self, name, line, cell)

    @contextmanager
    def _within(self) -> Iterator[None]:
        outer, self.displayhook.exec_result = self.displayhook.exec_result, None
        try:
            yield
        finally:
            self.displayhook.exec_result = outer

    def _note_result(self, result: ExecutionResult) -> None:
        if (error := _error_of(result)) is not None:
            if is_stop(error):
                raise error
            self._note_error(error)

    def safe_execfile(self, *args: Any, **kwargs: Any) -> None:
        """Run a script, for %run, and raise what it raises."""
        run_users(super().safe_execfile, *args, **{**kwargs, "raise_exceptions": True})

    def showtraceback(
        self,
        exc_tuple: Any = None,
        filename: str | None = None,  # noqa: ARG002
        tb_offset: int | None = None,  # noqa: ARG002
        exception_only: bool = False,
        running_compiled_code: bool = False,  # noqa: ARG002
    ) -> None:
        """Take note of an error: of code that a magic ran, which hands over no ``exc_tuple``, or
        else one that only is printed, such as one in a rich repr. The one that ends the cell is
        returned by ``run``."""
        _, error, _ = self._get_exc_info(exc_tuple)
        result = self.displayhook.exec_result
        if self._running and (result is None or error is _error_of(result)):
            self.debugger()  # if %pdb is on
            return
        if self._running and exc_tuple is None:
            self._note_error(error)
        else:
            self._print_error(error, last_only=exception_only)

    def showsyntaxerror(
        self, filename: str | None = None, running_compiled_code: bool = False
    ) -> None:
        self.showtraceback(filename=filename, running_compiled_code=running_compiled_code)

    def excepthook(self, etype: Any, value: Any, tb: Any) -> None:
        """Print an error for code that calls ``sys.excepthook``. Pyodide calls it too, for each
        error that goes to JavaScript; that is told where it is caught, or else below its cell."""
        caller = sys._getframe().f_back
        if caller is not None and "excepthook" in caller.f_code.co_names:
            super().excepthook(etype, value, tb)

    def ask_exit(self) -> NoReturn:
        """Raise SystemExit, for ``exit`` and ``quit``."""
        raise SystemExit("exit and quit do not end the runtime; they end the cell.")

    def system(self, cmd: str) -> None:
        """Run a line of a shell, for ``!command``, as far as Python can. Raise UsageError."""
        self._run_line(self.var_expand(cmd, depth=1))

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Run a line of a shell, for ``x = !command``, and return what it prints."""
        said: list[str] = []
        self._run_line(self.var_expand(cmd, depth=depth + 1), said.append)
        text = "".join(said)
        return SList(text.splitlines()) if split else LSString(text)

    def _run_script(self, program: str, line: str, cell: str) -> None:
        """Run a cell of ``%%bash``, as far as Python can. Raise UsageError."""
        if program == "script":
            program = Path(line.split()[0]).name if line.split() else program
        self._run_line(cell if program in ("bash", "sh") else program)

    def _run_line(self, line: str, taker: Callable[[str], object] | None = None) -> None:
        """Print what the line prints, or hand it to ``taker``."""
        try:
            self.user_ns["_exit_code"] = run_line(line, taker)
        except CannotRunError as error:
            raise UsageError(str(error)) from None

    async def _run_pip(self, line: str) -> None:
        try:
            await self._pip(line)
        except CellError as error:
            raise UsageError(str(error)) from None

    def set_next_input(self, s: str, replace: bool = False) -> None:
        """Put text into the notebook: in place of the cell's source, or in a new cell below."""
        if (outputs := current_outputs()) is not None:
            outputs.set_next_input(s, replace=replace)

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is only one event loop, and it is running. Raise UsageError for one
        that shows windows."""
        require_windowless(gui)

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """Choose how figures are shown. Raise UsageError for windows."""
        require_windowless(gui)
        return super().enable_matplotlib(gui)

    def init_events(self) -> None:
        super().init_events()
        hooks = Hooks(self, available_events)
        hooks.callbacks, self.events = self.events.callbacks, hooks

    def init_display_formatter(self) -> None:
        super().init_display_formatter()
        assert self.display_formatter is not None
        plain = PlainText(parent=self.display_formatter)
        self.display_formatter.formatters["text/plain"] = plain
        tables = TableData(self._tables, parent=self.display_formatter)
        self.display_formatter.formatters[DATA_RESOURCE] = tables
        register_formatters(self.display_formatter)

    def _note_error(self, error: BaseException) -> None:
        """Keep the first error of code within the cell, which ends the cell when it has run, and
        print others."""
        if self._running and self._inner_error is None:
            self._inner_error = error
        elif error is not self._inner_error:
            self._print_error(error)

    def _print_last_error(self, _line: str) -> None:
        """Print the traceback of the last error, for ``%tb``."""
        if (error := getattr(sys, "last_value", None)) is not None:
            self._print_error(error)
        else:
            sys.stderr.write("No error has been raised yet.\n")

    def _print_error(self, error: BaseException, *, last_only: bool = False) -> None:
        lines = run_reader(format_lines, error, self.hidden, last_only=last_only)
        sys.stderr.write("\n".join(lines) + "\n")

    def _format_exception_for_storage(
        self, exception: BaseException, *_: Any, **__: Any
    ) -> dict[str, Any]:
        # IPython would format every error a second time, with the surrounding source, for a history
        # that nobody reads here.
        return {"ename": type(exception).__name__, "evalue": "", "traceback": []}


def _wait_for(code: Coroutine[Any, Any, Any]) -> Any:
    """Wait for code that awaits, and that something within a cell calls. Raise CellError where the
    browser cannot wait."""
    return wait_for(code, _CANNOT_WAIT, instead=_AWAIT_IT)


def _error_of(result: ExecutionResult) -> BaseException | None:
    return result.error_before_exec or result.error_in_exec
