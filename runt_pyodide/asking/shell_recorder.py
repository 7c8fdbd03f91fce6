"""What the cells of an IPython shell are and show, told to a session.

IPython's own records differ from version to version and from kernel to kernel (JupyterLite's keeps
no displays, and fires no event at the end of a cell that awaits), so what is written is listened to
where all of them write it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..notebook.bundle import build_bundle, clean_text, safe_str
from ..notebook.events import StreamName
from ..notebook.writer import OutputWriter
from ..python.tracebacks import format_lines
from .magic_line import is_ai_cell
from .session import Session

_Undo = Callable[[], None]


class ShellRecorder:
    """Listens to a shell from when it is made until ``close``. AI cells it passes over: the session
    knows them already."""

    def __init__(self, shell: Any, session: Callable[[], Session]) -> None:
        self._shell = shell
        self._session = session
        self._writer: OutputWriter | None = None
        self._taps: dict[str, Any] = {}
        self._hearing: set[str] = set()
        self._undo: dict[str, _Undo] = {}
        self.is_deaf = False
        self._catch_up()
        shell.events.register("pre_run_cell", self._begin_cell)
        self._undo["events"] = lambda: shell.events.unregister("pre_run_cell", self._begin_cell)
        self._listen_to(shell.display_pub, "publish", self._hear_display)
        self._listen_to(shell.displayhook, "write_format_data", self._hear_result)
        self._listen_to(shell, "_showtraceback", self._hear_error)

    def close(self) -> None:
        self._writer = None
        for undo in self._undo.values():
            undo()

    @contextmanager
    def hushed(self) -> Iterator[None]:
        """Within this the shell shows no errors, and nothing is heard. JupyterLite's kernel takes a
        cell in which an error was shown for one that failed."""
        shown, self.is_deaf = self._shell._showtraceback, True
        self._shell._showtraceback = lambda *_: None
        try:
            yield
        finally:
            self._shell._showtraceback, self.is_deaf = shown, False

    def _catch_up(self) -> None:
        """The cells that ran before, of which the inputs and the results are kept."""
        results = self._shell.user_ns.get("Out", {})
        # The last one is the cell that runs, since this is called from one.
        for number, source in enumerate(self._shell.history_manager.input_hist_raw[:-1]):
            name = f"In[{number}]"
            told = name in self._session().notebook.cells
            if source.strip() and not is_ai_cell(source) and not told:
                writer = self._session().record(source, name)
                if number in results:
                    shown = self._shell.display_formatter.format(results[number])
                    writer.result(build_bundle(*shown), number)

    def _begin_cell(self, info: Any) -> None:
        self._writer = None
        self._listen_to_stream("stdout")
        self._listen_to_stream("stderr")
        source = info.raw_cell
        if info.store_history and source.strip() and not is_ai_cell(source):
            # IPython 9 counts before it tells of a cell, older ones after it.
            number = len(self._shell.history_manager.input_hist_raw)
            self._writer = self._session().record(source, f"In[{number}]")

    def _listen_to_stream(self, name: StreamName) -> None:
        stream = getattr(sys, name)
        # IPython wraps the streams for the time of a cell, and takes its wrapper off with all that
        # was put over it. What is tapped below it too is heard once.
        if getattr(stream, "write", None) is self._taps.get(name):
            return

        def hear(text: Any, *_: Any, **__: Any) -> None:
            # What a shell without displays prints of results and errors is heard as such.
            busy = getattr(self._shell.displayhook, "is_active", False)
            printed = busy or bool(self._hearing - {"write"})
            if self._writer is not None and not self.is_deaf and text and not printed:
                self._writer.stream(name, clean_text(text))

        self._undo[name] = _tap(stream, "write", hear, self._hearing)
        self._taps[name] = stream.write

    def _listen_to(self, target: Any, method: str, hear: Callable[..., None]) -> None:
        self._undo[method] = _tap(target, method, hear, self._hearing)

    def _hear_display(
        self, data: Mapping[str, Any], metadata: Any = None, *_: Any, **more: Any
    ) -> None:
        if self._writer is None or self.is_deaf:
            return
        bundle = build_bundle(data, metadata)
        display_id = (more.get("transient") or {}).get("display_id")
        if more.get("update") and display_id is not None:
            self._writer.update_display(str(display_id), bundle)
        else:
            self._writer.display(bundle, None if display_id is None else str(display_id))

    def _hear_result(self, data: Mapping[str, Any], metadata: Any = None) -> None:
        if self._writer is not None and not self.is_deaf:
            self._writer.result(build_bundle(data, metadata), self._shell.execution_count)

    def _hear_error(self, kind: type, value: BaseException, _lines: Any) -> None:
        if self._writer is not None and not self.is_deaf:
            self._writer.error(kind.__name__, safe_str(value), format_lines(value, hidden_files()))


def _tap(target: Any, method: str, hear: Callable[..., None], hearing: set[str]) -> _Undo:
    """Let ``hear`` be called after each call of the method of that object, with its arguments, but
    not for a call within one that is heard."""
    original, own = getattr(target, method), vars(target).get(method)

    def tapped(*args: Any, **kwargs: Any) -> Any:
        if method in hearing:
            return original(*args, **kwargs)
        hearing.add(method)
        try:
            given = original(*args, **kwargs)
            hear(*args, **kwargs)
        finally:
            hearing.discard(method)
        return given

    setattr(target, method, tapped)

    def undo() -> None:
        # Somebody else may have wrapped it since: then it stays, and hears nothing any more.
        if getattr(target, method, None) is not tapped:
            return
        if own is None:
            delattr(target, method)
        else:
            setattr(target, method, own)

    return undo


def hidden_files() -> tuple[str, ...]:
    """Whose frames say nothing to the writer of a cell."""
    from ..python.shell import Shell

    return Shell.hidden
