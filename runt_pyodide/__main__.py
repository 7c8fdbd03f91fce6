"""``python -m runt_pyodide``: notebooks from the command line, which is a wheel of its own."""

import sys
from importlib.util import find_spec

if find_spec("runt_pyodide.command_line") is None:
    sys.stderr.write(
        "The command line is not installed here. Install it: pip install 'runt-pyodide[cpython]'.\n"
    )
    sys.exit(2)

from .command_line.main import main

if __name__ == "__main__":
    sys.exit(main())
