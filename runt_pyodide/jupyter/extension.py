"""``%load_ext runt_pyodide``: ``%%ai`` and ``%ai`` in an IPython shell, above all JupyterLite's.

An input transformer turns an AI cell into an awaited call before the shell compiles it. So the
answer streams, and can be stopped, in every kernel that awaits, with or without JavaScript Promise
Integration (JSPI).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from IPython.core.displaypub import DisplayPublisher
from IPython.core.getipython import get_ipython

from ..ai.prompt.above import mark_data
from ..ai.tools.function import registered_tools
from ..asking.ask import ask
from ..asking.magic_line import HELP, find_command, parse_line, split_cell, split_timed
from ..asking.shell_recorder import hidden_files
from ..errors import CellError, RuntError
from ..execution.waiting import wait_for
from ..python.tracebacks import format_lines
from .cell import MagicCells
from .commands import COMMANDS, Commands, complete
from .controls import CHANNEL, Listen
from .display import Publish
from .shell_tools import ShellTools
from .terminal import confirm

try:
    import js
    from pyodide.ffi import create_proxy
except ImportError:  # CPython's IPython: the same, without buttons
    js = None

_CALL = "__import__('runt_pyodide.jupyter.extension').jupyter.extension"
_CANNOT_WAIT = "This shell cannot wait for a model here: the magic is called from running code."
_WAIT = (
    "Put %%ai on the first line of a cell of its own, with %autoawait on; or write "
    "`await ask(...)`, from runt_pyodide."
)
_EXPLAIN = "Explain this error of my code: what it means, what caused it, and how to mend it."
_LOADED: dict[int, Extension] = {}


def load_ipython_extension(shell: Any) -> None:
    """Add the magics to a shell, once."""
    if id(shell) not in _LOADED:
        _LOADED[id(shell)] = Extension(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Remove the magics."""
    if (extension := _LOADED.pop(id(shell), None)) is not None:
        extension.close()


async def run_ai_cell(line: str, prompt: str, *, timed: bool = False) -> None:
    """Run an AI cell; the input transformer turns it into a call of this. With ``timed``, print how
    long it took, as ``%%time`` does."""
    began = time.monotonic()
    try:
        await _find_extension().run_cell(line, prompt)
    finally:
        if timed:
            sys.stdout.write(f"Wall time: {time.monotonic() - began:.2f} s\n")


async def run_ai_command(line: str) -> None:
    """Run a single ``%ai`` line; the input transformer turns such a cell into a call of this."""
    await _find_extension().run_command(line)


class Extension:
    """The magics of one shell."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._recorder = ask.record(shell)
        self._tools = ShellTools(shell, self._recorder.paused)
        self._commands = Commands(ask, self._tools)
        self._cells = MagicCells(
            shell,
            lambda run: [*self._tools.tools(run), *registered_tools()],
            self._find_publish,
            _find_buttons(),
            confirm,
            self._tools.put_below,
        )
        shell.input_transformers_cleanup.append(self._transform)
        shell.register_magic_function(self._cell_magic, "cell", "ai")
        shell.register_magic_function(self._line_magic, "line", "ai")
        shell.set_hook("complete_command", self._complete, str_key="%%ai")
        shell.set_hook("complete_command", self._complete, str_key="%ai")

    def close(self) -> None:
        """Remove the magics, and stop recording the shell."""
        ask.forget(self._shell)
        self._shell.input_transformers_cleanup.remove(self._transform)
        for kind in ("cell", "line"):
            self._shell.magics_manager.magics[kind].pop("ai", None)

    async def run_cell(self, line: str, prompt: str) -> None:
        try:
            await self._cells.run(ask.dialogue, parse_line(line), prompt)
        except RuntError as error:
            raise _shown_briefly(error) from None

    async def run_command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        try:
            if name == "error":
                about = replace(parse_line(rest), raw=True)
                await self._cells.run(ask.dialogue, about, self._explain_error())
            else:
                self._cells.tell(await self._commands.run(line))
        except RuntError as error:
            raise _shown_briefly(error) from None

    def _explain_error(self) -> str:
        """Return the prompt of ``%ai error``. Raise CellError if there was no error."""
        lines = self._recorder.last_error
        if not lines and isinstance(error := getattr(sys, "last_value", None), Exception):
            lines = (*format_lines(error, hidden_files()),)  # of a cell before %load_ext
        if not lines:
            raise CellError(
                "There is no error to explain: no cell has failed yet.",
                advice="Run the cell that fails, then %ai error.",
            )
        traceback = "\n".join(lines)
        return f"{_EXPLAIN}\n\n{mark_data(traceback)}"

    def _transform(self, lines: list[str]) -> list[str]:
        """Return the lines of a cell; if it is an AI cell and the shell can await, they become an
        awaited call."""
        if not getattr(self._shell, "autoawait", False):
            return lines
        source = "".join(lines)
        if (cell := split_cell(source)) is not None:
            return ["await {}.run_ai_cell({!r}, {!r})\n".format(_CALL, *cell)]
        if (cell := split_timed(source)) is not None:
            return ["await {}.run_ai_cell({!r}, {!r}, timed=True)\n".format(_CALL, *cell)]
        if (command := find_command(source)) is not None:
            return [f"await {_CALL}.run_ai_command({command!r})\n"]
        return lines

    # In a terminal, a multi-line prompt ends at an empty line, like the body of any cell magic.
    _transform.has_side_effects = True  # type: ignore[attr-defined]

    def _cell_magic(self, line: str, cell: str) -> None:
        _run_now(self.run_cell(line, cell))

    _cell_magic.__doc__ = HELP

    def _line_magic(self, line: str) -> None:
        _run_now(self.run_command(line))

    _line_magic.__doc__ = COMMANDS

    def _complete(self, _shell: Any, event: Any) -> list[str]:
        return complete(event.line, ask.session)

    def _find_publish(self) -> Publish | None:
        """Return a function that shows displays, even while a tool captures its own. Return None if
        there are no displays: IPython's own publisher prints the text, again at each update."""
        publisher = self._shell.display_pub
        if type(publisher) is DisplayPublisher:
            return None

        def publish(
            data: dict[str, Any],
            display_id: str,
            update: bool,
            metadata: Mapping[str, Any] = MappingProxyType({}),
        ) -> None:
            transient = {"display_id": display_id}
            publisher.publish(data=data, metadata={**metadata}, transient=transient, update=update)

        return publish


def _find_buttons() -> Listen | None:
    """Return the function that listens to buttons; None if there is no page to show them, as in
    Node, which has channels too."""
    has_page = hasattr(js, "BroadcastChannel") and hasattr(js, "location")
    return _Line if has_page else None


class _Line:
    """The kernel's end of the channel of the buttons, whose messages it passes on."""

    def __init__(self, hear: Callable[[Mapping[str, Any]], None]) -> None:
        def take(event: Any) -> None:
            message = json.loads(js.JSON.stringify(event.data))
            if isinstance(message, dict):
                hear(message)

        self._channel, self._proxy = js.BroadcastChannel.new(CHANNEL), create_proxy(take)
        self._channel.onmessage = self._proxy

    def say(self, message: Mapping[str, Any]) -> None:
        self._channel.postMessage(js.JSON.parse(json.dumps(message)))

    def close(self) -> None:
        self._channel.onmessage = None
        self._channel.close()
        self._proxy.destroy()


def _find_extension() -> Extension:
    """Return the extension of the running shell. Raise CellError if it is not loaded."""
    shell = get_ipython()
    if id(shell) not in _LOADED:
        raise _shown_briefly(
            CellError("The extension is not loaded.", advice="Run %load_ext runt_pyodide.")
        )
    return _LOADED[id(shell)]


def _run_now(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end from code that cannot await. Raise CellError if this is
    impossible here."""
    try:
        wait_for(coroutine, _CANNOT_WAIT, instead=_WAIT)
    except CellError as error:
        raise _shown_briefly(error) from None


def _shown_briefly(error: RuntError) -> RuntError:
    """Return the error, changed so that a shell shows its message and notes without a traceback,
    which would not show the user's code."""
    lines = [f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())]
    error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
    return error
