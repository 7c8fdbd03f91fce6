"""Python cells: IPython runs the source, in one namespace for all of them.

IPython is big, so it is made ready and imported at the first cell that needs it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from ..errors import CellError, RuntError
from ..events import Bundle
from ..interrupts import Interruptible
from . import Run
from .streams import StandardStreams, Transcript
from .tracebacks import build_error

if TYPE_CHECKING:
    from .shell import Shell

_ADVICE = (
    "Check the network, and that this page's Pyodide or package index has ipython; then run the "
    "cell again. AI cells run without it."
)


class PythonCell:
    """Runs code cells. ``prepare`` makes IPython importable; it is awaited before the first cell,
    and again by the next one where it raised."""

    def __init__(self, prepare: Callable[[], Awaitable[None]]) -> None:
        self._prepare = prepare
        self._ready: tuple[Shell, StandardStreams] | None = None

    async def execute(self, run: Run) -> None:
        """Raises CellError for what the code raised; CancelledError where the cell was stopped,
        even if its code took no notice."""
        if not run.cell.source.strip():
            return
        shell, streams = self._ready or await self._get_ready()
        transcript = Transcript(run.writer.stream)
        try:
            with shell.showing(_Screen(run, transcript)), streams.to(transcript):
                ran = shell.run_source(run.cell.source, run.execution_count)
                error = await Interruptible(ran)
        except KeyboardInterrupt as interrupt:
            # A busy interpreter is stopped by this. It may strike between the cell's own lines, and
            # asyncio would take it out through the event loop.
            error = interrupt
        task = asyncio.current_task()
        if isinstance(error, KeyboardInterrupt) or (task is not None and task.cancelling()):
            raise asyncio.CancelledError
        if error is not None:
            raise build_error(error, shell.hidden)

    def variables(self) -> Mapping[str, object]:
        """The namespace of the cells: empty before the first."""
        return self._ready[0].user_ns if self._ready else {}

    async def _get_ready(self) -> tuple[Shell, StandardStreams]:
        try:
            await self._prepare()
            from .shell import Shell, refuse_input

            shell = Shell()
        except Exception as error:  # whatever it is, no cell can run
            reason = f"{type(error).__name__}: {error}"
            if isinstance(error, RuntError):
                reason = error.message
            raise CellError(
                f"Python cells cannot run, since IPython could not be started. {reason}",
                advice=_ADVICE,
            ) from error
        self._ready = shell, StandardStreams(refuse_input)
        return self._ready


class _Screen:
    """Shows what a cell displays as outputs of its execution."""

    def __init__(self, run: Run, transcript: Transcript) -> None:
        self._run = run
        self._transcript = transcript

    def result(self, bundle: Bundle) -> None:
        self._run.writer.result(bundle, self._run.execution_count)

    def display(self, bundle: Bundle, display_id: str | None) -> None:
        self._run.writer.display(bundle, display_id)

    def update_display(self, display_id: str, bundle: Bundle) -> None:
        self._run.writer.update_display(display_id, bundle)

    def clear(self, wait: bool) -> None:
        self._transcript.clear()
        self._run.writer.clear(self._run.session_id, wait=wait)
