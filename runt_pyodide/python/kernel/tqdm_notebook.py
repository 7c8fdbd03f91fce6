"""The bar of ``tqdm.notebook``, as text in a display of its own, which prints do not tear apart.

``progress`` lets cells import this under tqdm's name; the names here are those of tqdm's module.
"""

# IPython annotates only some of its functions.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import sys
import uuid
from typing import Any

from IPython.display import publish_display_data
from tqdm.std import tqdm as std_tqdm

__all__ = ["tnrange", "tqdm", "tqdm_notebook", "trange"]
# `tqdm.auto` asks whether there are widgets, and uses this module if there are.
IProgress = object
WARN_NOIPYW = ""


class TextBar:
    """The file that a bar writes to: a display that shows the last of it. It appears with the first
    text."""

    encoding = "utf-8"

    def __init__(self, *, is_wanted: bool) -> None:
        self._id = uuid.uuid4().hex
        self._is_wanted = is_wanted
        self._is_there = False
        self._text = ""

    def write(self, text: str) -> None:
        """Show what follows the last carriage return; what only moves the cursor shows nothing."""
        _, is_redrawn, line = text.rpartition("\r")
        if is_redrawn and line.rstrip() != self._text:
            self._text = line.rstrip()
            if self._is_wanted:
                self._publish(update=self._is_there)

    def flush(self) -> None:
        """Do nothing: what is written is shown at once."""

    def _ipython_display_(self) -> None:
        self._is_wanted = True
        self._publish(update=False)

    def _publish(self, *, update: bool) -> None:
        self._is_there = True
        data = {"text/plain": self._text} if self._text else {}
        publish_display_data(data, transient={"display_id": self._id}, update=update)


class tqdm_notebook(std_tqdm):  # type: ignore[misc]
    """tqdm's bar, with ``display`` as in ``tqdm.notebook``: False leaves it to the caller to
    display the bar's ``container``."""

    def __init__(self, *args: Any, display: bool = True, **kwargs: Any) -> None:
        if kwargs.get("file") in (None, sys.stdout, sys.stderr):
            kwargs["file"] = self.container = TextBar(is_wanted=display)
        super().__init__(*args, **kwargs)

    def moveto(self, n: int) -> None:
        """Stay: other bars have other displays."""


def tnrange(*args: Any, **kwargs: Any) -> tqdm_notebook:
    """Return the bar of a range."""
    return tqdm_notebook(range(*args), **kwargs)


tqdm = tqdm_notebook
trange = tnrange
