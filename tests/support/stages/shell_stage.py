"""A real IPython shell with a page that keeps its displays, and with buttons to press."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets.config import Config

from runt_pyodide import load_ipython_extension, unload_ipython_extension
from runt_pyodide.jupyter.controls import Line

LONG = "One two three four five six. " * 40
CONFIG = Config(HistoryManager={"enabled": False}, InteractiveShell={"colors": "nocolor"})


class Page(DisplayPublisher):
    """A front end's displays: the data of each id, in order, and each state."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown: dict[str, dict[str, Any]] = {}
        self.metadata: dict[str, dict[str, Any]] = {}
        self.states: list[tuple[str, dict[str, Any]]] = []
        self.react: Callable[[str, dict[str, Any]], None] = lambda *_: None

    def publish(self, data: Any, metadata: Any = None, **more: Any) -> None:
        display_id = (more.get("transient") or {}).get("display_id") or f"own-{len(self.states)}"
        assert more.get("update", False) == (display_id in self.shown)
        self.shown[display_id] = data
        self.metadata[display_id] = metadata or {}
        self.states.append((display_id, data))
        self.react(display_id, data)

    def markdown(self) -> list[str]:
        """Return the displays that are Markdown now, in order."""
        return [one["text/markdown"] for one in self.shown.values() if "text/markdown" in one]

    def saved(self) -> list[dict[str, Any]]:
        """Return the outputs as a front end saves them."""
        return [
            {"output_type": "display_data", "data": data, "metadata": self.metadata[name]}
            for name, data in self.shown.items()
        ]

    def html(self) -> list[str]:
        return [one["text/html"] for one in self.shown.values() if "text/html" in one]


class Buttons:
    """The page's side of the channel; ``told`` is what the kernel has said on it."""

    def __init__(self) -> None:
        self._hear: list[Callable[[Mapping[str, Any]], None]] = []
        self.told: list[Mapping[str, Any]] = []

    def listen(self, hear: Callable[[Mapping[str, Any]], None]) -> Line:
        self._hear.append(hear)
        return SimpleNamespace(say=self.told.append, close=lambda: self._hear.remove(hear))

    def press(self, **message: Any) -> None:
        for hear in [*self._hear]:
            hear(message)

    @property
    def listeners(self) -> int:
        return len(self._hear)


class Stage:
    def __init__(self, shell: InteractiveShell, buttons: Buttons | None) -> None:
        self.shell = shell
        self.buttons = buttons
        self.page: Any = shell.display_pub

    def run(self, source: str) -> ExecutionResult:
        """Run a cell as a kernel does."""
        return self.shell.run_cell(source, store_history=True)

    def value(self, name: str) -> Any:
        return self.shell.user_ns[name]


def make_shell(**options: Any) -> Iterator[InteractiveShell]:
    before = InteractiveShell._instance
    shell = InteractiveShell(config=CONFIG, **options)
    InteractiveShell._instance = shell
    yield shell
    InteractiveShell._instance = before


@contextmanager
def opened(buttons: Buttons | None, **options: Any) -> Iterator[Stage]:
    """A shell with the extension loaded."""
    for shell in make_shell(**options):
        load_ipython_extension(shell)
        yield Stage(shell, buttons)
        unload_ipython_extension(shell)


@pytest.fixture
def stage(fresh: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A shell with displays and buttons, and the extension loaded."""
    buttons = Buttons()
    monkeypatch.setattr("runt_pyodide.jupyter.extension._find_buttons", lambda: buttons.listen)
    with opened(buttons, display_pub_class=Page) as stage:
        yield stage


@pytest.fixture
def terminal(fresh: None) -> Iterator[Stage]:
    """A shell without displays and without buttons."""
    with opened(None) as stage:
        yield stage
