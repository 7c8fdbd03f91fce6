"""The page's reader and writer of notebooks' files, in one Node process."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from scripts.paths import ROOT
from tests.support.ipynb.here import Fault, Read

_PROGRAM = Path(__file__).with_name("page.mjs")


class PageIpynb:
    def __init__(self) -> None:
        self._node = subprocess.Popen(
            ["node", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
        )

    def read(self, text: str, name: str | None = None) -> Read | Fault:
        """What the page makes of a file's text in an empty notebook."""
        assert self._node.stdin is not None and self._node.stdout is not None
        asked = {"text": text} if name is None else {"text": text, "name": name}
        self._node.stdin.write(json.dumps(asked) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        if "fault" in answer:
            assert answer["isForPeople"], answer["stack"]
            return Fault(answer["fault"])
        assert answer["problems"] == []
        return Read(answer["state"], answer["file"])

    def close(self) -> None:
        assert self._node.stdin is not None and self._node.stdout is not None
        self._node.stdin.close()
        self._node.wait()
        self._node.stdout.close()
