"""Magics of IPython and of Jupyter's kernels that need what a page does not have. Each raises a
sentence that says why, and what to do instead. Importing this imports IPython."""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from IPython.core.error import UsageError

_WINDOWLESS = ("", "inline", "auto", "agg", "asyncio")


_EDITOR = (
    "there is no editor to open in a browser. Edit the cell itself; %load FILE puts a file into a "
    "cell, and %%writefile FILE, on a cell's first line, saves a cell as a file."
)
_INSTALL = "packages are installed by %pip install here, from wheels that run in the browser."
_CONNECT = "no other program can connect to this Python, since it runs within the page."
_PASTE = "paste into a cell with the browser itself, Ctrl+V or Cmd+V."
_TRACEBACKS = "tracebacks have one form here, that of Python itself."

# By name, what is said after it. Those of the second group belong to ipykernel and to terminals.
_REFUSALS: Mapping[str, str] = {
    "edit": _EDITOR,
    "ed": _EDITOR,
    "notebook": "the page saves this notebook: export it from the page's menu.",
    "pastebin": "it would publish the code on another site. Copy the cells instead.",
    "conda": _INSTALL,
    "mamba": _INSTALL,
    "micromamba": _INSTALL,
    "uv": _INSTALL,
    "rehashx": "there are no programs to look for in a browser.",
    #
    "ai": "the page has menus for models and settings. A cell that begins with %%ai asks a model.",
    "connect_info": _CONNECT,
    "qtconsole": _CONNECT,
    "subshell": _CONNECT,
    "autosave": "every change is passed to the page at once, so there is no interval to set.",
    "paste": _PASTE,
    "cpaste": _PASTE,
    "clear": "clear the outputs from the page's menu, or call IPython.display.clear_output().",
    "man": "there are no manual pages here. For Python, write help(name) or name?",
}


def register_magics(shell: Any) -> None:
    """Add these magics to a shell, in place of those that IPython has under their names."""
    lines: dict[str, Callable[[str], None]]
    lines = {name: _refuse(name, why) for name, why in _REFUSALS.items()}
    lines |= {"xmode": _tell("xmode"), "colors": _tell("colors"), "gui": _gui}
    for name, magic in lines.items():
        shell.register_magic_function(magic, "line", name)


def require_windowless(gui: str | None) -> None:
    """Raise UsageError for a user interface, or a backend of Matplotlib, that opens windows."""
    if gui is not None and gui.lower() not in _WINDOWLESS:
        raise UsageError(
            f"{gui} needs windows, or a live connection, which a page's Python does not have. "
            "Figures are shown below the cell: write %matplotlib inline."
        )


def _refuse(name: str, why: str) -> Callable[[str], NoReturn]:
    def refuse(_line: str) -> NoReturn:
        raise UsageError(f"%{name} does not work here: {why}")

    refuse.__doc__ = f"Not available here: {why}"
    return refuse


def _tell(name: str) -> Callable[[str], None]:
    """Return a magic that notebooks often begin with, and that may be passed over."""

    def tell(_line: str) -> None:
        sys.stdout.write(f"%{name} changes nothing here: {_TRACEBACKS}\n")

    tell.__doc__ = f"Changes nothing here: {_TRACEBACKS}"
    return tell


def _gui(line: str) -> None:
    """Only without windows here: there is one event loop, and it is running."""
    require_windowless(line.strip())
