"""Python in a Pyodide under Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from scripts.paths import ROOT

_PROGRAM = Path(__file__).with_name("in_node.mjs")


def run_in_node(pyodide: Path, packages: Path, source: str) -> Any:
    """What the source leaves in ``described``, as JSON text. ``packages`` is a lock file, or a
    wheel whose files alone are there, in /wheel."""
    done = subprocess.run(
        ["node", str(_PROGRAM), str(pyodide), str(packages)],
        input=source,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
