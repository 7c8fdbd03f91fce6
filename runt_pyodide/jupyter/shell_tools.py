"""The tools of ``%%ai``: create the next cell, run Python in the user's namespace, and read cells
and variables."""

from __future__ import annotations

import asyncio
import builtins
import getpass
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field

from ..ai.text import sizes
from ..ai.text.output import clip, images_in
from ..ai.tool import Tool, ToolResult
from ..ai.tools.notebook import NotebookTool, reading_tools
from ..asking.session import Exchange
from ..asking.shell_recorder import hidden_files
from ..execution.run import Run
from ..execution.user_code import Interruptible
from ..notebook.bundle import build_bundle, clean_text
from ..notebook.events import Bundle
from ..python.tracebacks import format_lines

_MISSING = object()


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: str = Field(description="Python code")


@dataclass(frozen=True, slots=True)
class Rebinding:
    """What a call of ``run_python`` rebound: the values by name, before and after."""

    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(slots=True)
class ShellTools:
    """What a model can do in a shell. Within ``paused``, the shell records and shows nothing.
    ``rebindings`` are kept by run id, for ``undo``."""

    shell: Any
    paused: Callable[[], AbstractContextManager[None]]
    rebindings: dict[str, list[Rebinding]] = field(default_factory=dict)
    _next_cell: tuple[str, list[str]] = ("", [])

    def tools(self, run: Run) -> Iterator[Tool]:
        """Yield the tools of a run."""
        yield from reading_tools(run, lambda: self.shell.user_ns)
        yield NotebookTool(
            "create_cell",
            "Put a cell with Python code below this one, for the user to look at and run. Further "
            "calls add to the same cell. It is not run.",
            _Source,
            partial(self._create_cell, run.id),
            "auto",
        )
        yield NotebookTool(
            "run_python",
            "Run Python code among the user's variables, after they allowed it, and get what it "
            "prints, shows and gives. Top-level await works.",
            _Source,
            lambda asked: self._run_python(run.id, asked.source),
            "ask",
        )

    async def _create_cell(self, run_id: str, asked: _Source) -> ToolResult:
        self.put_below(run_id, asked.source)
        return ToolResult("The cell is put below when this one ends.")

    def put_below(self, run_id: str, source: str) -> None:
        """Put code into the next cell, below what the run has put there before."""
        sources = [*(self._next_cell[1] if self._next_cell[0] == run_id else ()), source]
        self._next_cell = (run_id, sources)
        text = "\n\n".join(sources)
        self.shell.set_next_input(text)
        # ipykernel's shell does this itself; JupyterLite uses IPython's, which does it only for a
        # terminal. A later cell replaces an earlier one.
        payload = {"source": "set_next_input", "text": text, "replace": False}
        self.shell.payload_manager.write_payload(payload)

    async def _run_python(self, run_id: str, source: str) -> ToolResult:
        from IPython.utils.capture import capture_output

        before = dict(self.shell.user_ns)
        try:
            with self.paused(), _asking_nobody(), capture_output() as captured:
                result = await Interruptible(
                    self.shell.run_cell_async(
                        source,
                        store_history=False,
                        transformed_cell=self.shell.transform_cell(source),
                    )
                )
        finally:
            self._note(run_id, before)
        error = result.error_before_exec or result.error_in_exec
        if isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
            raise asyncio.CancelledError
        return _report(captured, error)

    def _note(self, run_id: str, before: Mapping[str, object]) -> None:
        now = self.shell.user_ns
        changed = [
            name
            for name in {**before, **now}
            if not name.startswith("_")
            and before.get(name, _MISSING) is not now.get(name, _MISSING)
        ]
        if changed:
            rebinding = Rebinding(
                {name: before[name] for name in changed if name in before},
                {name: now[name] for name in changed if name in now},
            )
            self.rebindings.setdefault(run_id, []).append(rebinding)

    def undo(self, exchange: Exchange) -> tuple[list[str], list[str]]:
        """Rebind names to their values before the exchange. Return those names, and the ones that
        are kept because they were rebound later. Changes within an object are not undone."""
        undone, kept = dict[str, None](), dict[str, None]()
        namespace = self.shell.user_ns
        for one in reversed(self.rebindings.pop(exchange.run_id, [])):
            for name in {**one.before, **one.after}:
                if name in kept or namespace.get(name, _MISSING) is not one.after.get(
                    name, _MISSING
                ):
                    kept[name] = None
                elif name in one.before:
                    namespace[name] = one.before[name]
                    undone[name] = None
                else:
                    del namespace[name]
                    undone[name] = None
        return [name for name in undone if name not in kept], [*kept]


@contextmanager
def _asking_nobody() -> Iterator[None]:
    """Within this, code that asks a person fails: while a model runs code, nobody looks at a field
    in which to type an answer, and the kernel may wait for ever."""
    before = builtins.input, getpass.getpass
    builtins.input = getpass.getpass = _refuse_input
    try:
        yield
    finally:
        builtins.input, getpass.getpass = before


def _refuse_input(*_: object, **__: object) -> NoReturn:
    from IPython.core.error import StdinNotImplementedError

    raise StdinNotImplementedError(
        "Nobody can be asked by code that a model runs. Ask for the value in the answer instead."
    )


def _report(captured: Any, error: BaseException | None) -> ToolResult:
    """Return as text what the code printed, returned and raised, and as a bundle what else it
    showed."""
    bundle: Bundle = {}
    parts = [captured.stdout, captured.stderr]
    for shown in captured.outputs:
        data = shown.data
        parts.append(str(data.get("text/plain", "")))
        rich = {mime: one for mime, one in data.items() if mime != "text/plain"}
        bundle |= build_bundle(rich, shown.metadata)
    if error is not None:
        parts.append("\n".join(format_lines(error, hidden_files())))
    said = clean_text("\n".join(one.rstrip("\n") for one in parts if one))
    text, _ = clip(said, sizes.TOOL_RESULT)
    return ToolResult(
        text or "It ran, and showed nothing.",
        failed=error is not None,
        bundle=bundle,
        images=images_in(bundle),
    )
