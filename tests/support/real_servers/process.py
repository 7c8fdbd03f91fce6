"""A server that is a program of its own: started, waited for, killed, and started again."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.paths import BUILD

VENV = BUILD / "servers-venv"
MODELS = BUILD / "servers-models"
LOGS = BUILD / "servers-logs"
_PATIENCE = 1200  # how often it is looked whether the server is there
_BETWEEN = 0.1  # s


class ServerProcess:
    """``command`` may hold ``{port}``; the port is free, and stays the same when the server is
    started again. The server is there when a GET of ``ready`` gets an answer of 200. ``user`` is
    who it runs as if this process is root's. What it writes is in build/servers-logs.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        ready: str,
        *,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self.port = _free_port()
        self.log = LOGS / f"{name}-{self.port}.log"
        self._command = [part.format(port=self.port) for part in command]
        self._ready = f"{self.origin}{ready}"
        self._environment = {**os.environ, **(environment or {})}
        self._identity = _identity(user)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.origin}/v1"

    def start(self) -> Self:
        """Start it and wait until it is there. Raise RuntimeError with the end of its log if it
        ends before, or takes too long."""
        self._run()
        return self._wait((200,))

    def launch(self) -> Self:
        """Start it and wait until it answers anything, such as that it is not ready."""
        self._run()
        return self._wait(range(200, 600))

    def kill(self) -> None:
        """End it at once, in the middle of what it does. Killing twice does nothing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    def count_in_log(self, words: str) -> int:
        """Return how often it has written these words."""
        return self.log.read_text("utf-8", "replace").count(words)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.kill()

    def _run(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                **self._identity,
            )

    def _wait(self, statuses: Collection[int]) -> Self:
        assert self._process is not None
        for _ in range(_PATIENCE):
            if self._ask_status() in statuses:
                return self
            try:
                code = self._process.wait(_BETWEEN)
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError(f"{self._command[0]} ended with {code}:\n{self._last_words()}")
        self.kill()
        raise RuntimeError(f"{self._command[0]} did not get ready:\n{self._last_words()}")

    def _ask_status(self) -> int | None:
        """Return the status of the answer; None if there is none."""
        try:
            with urllib.request.urlopen(self._ready, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def _last_words(self) -> str:
        return self.log.read_text("utf-8", "replace")[-2000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _identity(user: str | None) -> dict[str, object]:
    """Return Popen's arguments for a process of that user, or of this one if it is not root."""
    if user is None or os.geteuid() != 0:
        return {}
    found = pwd.getpwnam(user)
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": [], "cwd": "/"}


def read_for(user: str, path: Path) -> Path:
    """Return the path, which that user is going to read. Raise RuntimeError if a folder above is
    closed to others."""
    closed = [one for one in path.parents if not one.stat().st_mode & 0o001]
    if os.geteuid() == 0 and closed:
        raise RuntimeError(f"{user} may not read {path}: `chmod o+x {closed[0]}` lets it pass")
    return path
