"""What a run changed in a notebook, as nbdime tells it, which need not be installed."""

# nbformat and nbdime are not typed.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

from ..errors import ConfigError


def require_nbdime() -> None:
    """Raise ConfigError if it is not there."""
    if find_spec("nbdime") is None:
        raise ConfigError(
            "--diff needs the package nbdime, which is not installed here.",
            advice="Install it: pip install 'runt-pyodide[diff]'.",
        )


def describe_difference(path: Path, before: str, after: str) -> str:
    """Return what differs between two texts of a notebook's file; "" if nothing does."""
    import nbformat
    from nbdime.diffing.notebooks import diff_notebooks
    from nbdime.prettyprint import PrettyPrintConfig, pretty_print_notebook_diff

    one, other = (nbformat.reads(text, as_version=4) for text in (before, after))
    found = diff_notebooks(one, other)
    if not found:
        return ""
    shown = io.StringIO()
    config = PrettyPrintConfig(out=shown, use_color=False, use_git=False, use_diff=False)
    pretty_print_notebook_diff(str(path), f"{path} after the run", one, found, config)
    return shown.getvalue()
