"""The cells of an IPython shell and their outputs, recorded in a dialogue.

IPython's own records differ from version to version and from kernel to kernel (JupyterLite's keeps
no displays, and fires no event at the end of a cell that awaits). So the recorder taps the methods
with which all of them show something: it calls the method, then notes the arguments.
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
from .dialogue import Dialogue
from .magic_line import is_ai_cell

_Undo = Callable[[], None]


class ShellRecorder:
    """Records the cells of a shell until ``close``, and those that ran before. AI cells are left
    out, since the dialogue knows them already. ``last_error`` are the lines of the last traceback
    that one of them has shown."""

    def __init__(self, shell: Any, dialogue: Callable[[], Dialogue]) -> None:
        self._shell = shell
        self._dialogue = dialogue
        self._writer: OutputWriter | None = None
        self._tapped_writes: dict[str, Any] = {}
        self._within: set[str] = set()
        self._undo: dict[str, _Undo] = {}
        self._is_paused = False
        self.last_error: tuple[str, ...] = ()
        self._record_earlier_cells()
        shell.events.register("pre_run_cell", self._begin_cell)
        self._undo["events"] = lambda: shell.events.unregister("pre_run_cell", self._begin_cell)
        self._tap(shell.display_pub, "publish", self._note_display)
        self._tap(shell.displayhook, "write_format_data", self._note_result)
        self._tap(shell, "_showtraceback", self._note_error)

    def close(self) -> None:
        """Stop recording, and remove the taps."""
        self._writer = None
        for undo in self._undo.values():
            undo()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Within this, record nothing and let the shell show no errors: JupyterLite's kernel treats
        a cell as failed if an error was shown in it."""
        shown, self._is_paused = self._shell._showtraceback, True
        self._shell._showtraceback = lambda *_: None
        try:
            yield
        finally:
            self._shell._showtraceback, self._is_paused = shown, False

    def _record_earlier_cells(self) -> None:
        """Record the cells that ran before; the shell keeps their inputs and results."""
        results = self._shell.user_ns.get("Out", {})
        # The last one is the running cell, since this is called from one.
        for number, source in enumerate(self._shell.history_manager.input_hist_raw[:-1]):
            name = f"In[{number}]"
            is_known = name in self._dialogue().notebook.cells
            if source.strip() and not is_ai_cell(source) and not is_known:
                writer = self._dialogue().record(source, name)
                if number in results:
                    shown = self._shell.display_formatter.format(results[number])
                    writer.result(build_bundle(*shown), number)

    def _begin_cell(self, info: Any) -> None:
        self._writer = None
        self._tap_stream("stdout")
        self._tap_stream("stderr")
        source = info.raw_cell
        if info.store_history and source.strip() and not is_ai_cell(source):
            # IPython 9 counts before it reports a cell, older versions count after it.
            number = len(self._shell.history_manager.input_hist_raw)
            self._writer = self._dialogue().record(source, f"In[{number}]")

    @property
    def _open_writer(self) -> OutputWriter | None:
        """Return the writer for what is shown now; None if it is not to be recorded."""
        return None if self._is_paused else self._writer

    def _tap(self, target: Any, method: str, note: Callable[..., None]) -> None:
        self._undo[method] = _tap(target, method, note, self._within)

    def _tap_stream(self, name: StreamName) -> None:
        stream = getattr(sys, name)
        # IPython wraps the streams while a cell runs, and then removes its wrapper with all that
        # was put over it, so each cell taps them anew. What passes two taps is noted once.
        if getattr(stream, "write", None) is self._tapped_writes.get(name):
            return

        def note(text: Any, *_: Any, **__: Any) -> None:
            # A shell without displays prints results and errors; they are noted by their own taps.
            busy = getattr(self._shell.displayhook, "is_active", False)
            printed = busy or bool(self._within - {"write"})
            if text and not printed and (writer := self._open_writer) is not None:
                writer.stream(name, clean_text(text))

        self._undo[name] = _tap(stream, "write", note, self._within)
        self._tapped_writes[name] = stream.write

    def _note_display(
        self, data: Mapping[str, Any], metadata: Any = None, *_: Any, **more: Any
    ) -> None:
        if (writer := self._open_writer) is None:
            return
        bundle = build_bundle(data, metadata)
        display_id = (more.get("transient") or {}).get("display_id")
        if more.get("update") and display_id is not None:
            writer.update_display(str(display_id), bundle)
        else:
            writer.display(bundle, None if display_id is None else str(display_id))

    def _note_result(self, data: Mapping[str, Any], metadata: Any = None) -> None:
        if (writer := self._open_writer) is not None:
            writer.result(build_bundle(data, metadata), self._shell.execution_count)

    def _note_error(self, kind: type, value: BaseException, _lines: Any) -> None:
        if (writer := self._open_writer) is not None:
            lines = format_lines(value, hidden_files())
            self.last_error = (*lines,)
            writer.error(kind.__name__, safe_str(value), lines)


def _tap(target: Any, method: str, note: Callable[..., None], within: set[str]) -> _Undo:
    """Call ``note`` after each call of the object's method, with its arguments, but not for a call
    within a tapped one. Return a function that removes the tap."""
    original, own = getattr(target, method), vars(target).get(method)

    def tapped(*args: Any, **kwargs: Any) -> Any:
        if method in within:
            return original(*args, **kwargs)
        within.add(method)
        try:
            returned = original(*args, **kwargs)
            note(*args, **kwargs)
        finally:
            within.discard(method)
        return returned

    setattr(target, method, tapped)

    def undo() -> None:
        # Somebody else may have wrapped it since: then the tap stays, but notes nothing any more.
        if getattr(target, method, None) is not tapped:
            return
        if own is None:
            delattr(target, method)
        else:
            setattr(target, method, own)

    return undo


def hidden_files() -> tuple[str, ...]:
    """Return the files whose frames are of no use to the author of a cell."""
    from ..python.shell import Shell

    return Shell.hidden
