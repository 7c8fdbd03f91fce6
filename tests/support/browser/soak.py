"""How often `make soak` repeats what `make test` does twice, and beside how much other work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

COUNT = int(os.environ.get("KEPT", "2"))
LOAD = int(os.environ.get("LOAD", "0"))
SEED = int(os.environ.get("SEED", "1"))


@contextmanager
def busy_processes(count: int = LOAD) -> Iterator[None]:
    """Keep the processors busy meanwhile."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()
