"""IPython's shell for Python cells: its outputs go to an execution's, its errors to the caller.

Importing this imports IPython. No thread is started, no history kept and no configuration read: the
browser has none of these. JupyterLite's pyodide-kernel sets up its shell much the same way, in
``pyodide_kernel/interpreter.py``.
"""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import codeop
import linecache
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, Protocol

import IPython
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.formatters import PlainTextFormatter
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets.config import Config

from ..display import build_bundle, describe_failed_repr
from ..events import Bundle
from .tracebacks import format_lines

_CONFIG = Config(
    # A database on disk, written by a thread; the notebook has its own history.
    HistoryManager={"enabled": False},
    # There is no pager: what `name?` finds is an output.
    InteractiveShell={"colors": "nocolor", "display_page": True},
)
# What matplotlib draws becomes displays; it reads this when it is first imported.
_MATPLOTLIB_BACKEND = "module://matplotlib_inline.backend_inline"


class Screen(Protocol):
    """Where the displays and the result of one execution are shown."""

    def result(self, bundle: Bundle) -> None: ...

    def display(self, bundle: Bundle, display_id: str | None) -> None: ...

    def update_display(self, display_id: str, bundle: Bundle) -> None: ...

    def clear(self, wait: bool) -> None: ...


def refuse_input() -> NoReturn:
    """What ``input()`` comes to."""
    raise StdinNotImplementedError(
        "input() cannot ask here: a notebook in the browser has no place to type an answer while a "
        "cell runs. Assign the value in the cell instead."
    )


class _ResultHook(DisplayHook):
    """The cell's last expression."""

    shell: Shell

    def write_output_prompt(self) -> None:
        """The page writes the number."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        if (screen := self.shell.screen) is not None:
            screen.result(build_bundle(format_dict, md_dict))

    def finish_displayhook(self) -> None:
        # Not IPython's, which writes to sys.stdout, whatever the cell has put there.
        self._is_active = False


class _Publisher(DisplayPublisher):
    """What ``display`` shows."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_source: object,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: object,
    ) -> None:
        self._validate_data(data, metadata)
        if (screen := self.shell.screen) is None:
            return
        bundle = build_bundle(data, metadata)
        display_id = (transient or {}).get("display_id")
        if update and display_id is not None:
            screen.update_display(str(display_id), bundle)
        else:
            screen.display(bundle, None if display_id is None else str(display_id))

    def clear_output(self, wait: bool = False) -> None:
        if (screen := self.shell.screen) is not None:
            screen.clear(bool(wait))


class _PlainText(PlainTextFormatter):
    """The repr of an object, or what it raised: an object can always be shown."""

    def __call__(self, obj: object) -> Any:
        try:
            return PlainTextFormatter.__call__.__wrapped__(self, obj)
        except Exception as error:  # noqa: BLE001 -- it is shown in the place of the repr
            return describe_failed_repr(obj, error)


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

    ``hidden`` is whose frames say nothing to the writer of a cell: IPython's, its compiler's, ours.
    """

    hidden = (str(Path(IPython.__file__).parent), codeop.__file__, str(Path(__file__).parents[1]))

    def __init__(self) -> None:
        self.screen: Screen | None = None
        self._running = False
        os.environ.setdefault("MPLBACKEND", _MATPLOTLIB_BACKEND)
        # IPython's word on sys.exit() speaks of keys and commands that a notebook does not have.
        warnings.filterwarnings("ignore", message="To exit: use", category=UserWarning)
        super().__init__(
            config=_CONFIG,
            compiler_class=_Compiler,
            displayhook_class=_ResultHook,
            display_pub_class=_Publisher,
        )

    async def run_source(self, source: str, number: int) -> BaseException | None:
        """Run a cell's source under this number; gives what it raised, a CancelledError or a
        KeyboardInterrupt too."""
        self.execution_count = number
        failure = None
        try:
            transformed = self.transform_cell(source)
        except Exception:  # noqa: BLE001 -- the shell reports it like all that the source raises
            transformed, failure = source, sys.exc_info()
        self._running = True
        try:
            result = await self.run_cell_async(
                source,
                store_history=True,
                transformed_cell=transformed,
                preprocessing_exc_tuple=failure,
            )
        finally:
            self._running = False
            # Matplotlib's figures are displayed by this.
            self.events.trigger("post_execute")
        self.events.trigger("post_run_cell", result)
        return _error_of(result)

    @contextmanager
    def showing(self, screen: Screen) -> Iterator[None]:
        """Show on this screen, as the shell that ``display`` and ``get_ipython`` of IPython's
        modules find: only for now, since the page may have a notebook with a shell of its own."""
        before, InteractiveShell._instance = InteractiveShell._instance, self  # type: ignore[assignment]
        self.screen = screen
        try:
            yield
        finally:
            self.screen = None
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

    def enable_gui(self, gui: str | None = None) -> None:
        """There is one event loop, and it runs."""

    def init_display_formatter(self) -> None:
        super().init_display_formatter()
        assert self.display_formatter is not None
        plain = _PlainText(parent=self.display_formatter)
        self.display_formatter.formatters["text/plain"] = plain

    def _print_error(self, error: BaseException, *, last_only: bool = False) -> None:
        lines = format_lines(error, self.hidden, last_only=last_only)
        sys.stderr.write("\n".join(lines) + "\n")

    def _format_exception_for_storage(
        self, exception: BaseException, *_: Any, **__: Any
    ) -> dict[str, Any]:
        # IPython's formats every error a second time, with all the source around it, for a history
        # that nobody reads here.
        return {"ename": type(exception).__name__, "evalue": "", "traceback": []}


def _error_of(result: ExecutionResult) -> BaseException | None:
    return result.error_before_exec or result.error_in_exec
