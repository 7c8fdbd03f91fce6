"""A stand-in for Pyodide's distribution: a server of another origin with wheels that are built for
Pyodide, and builds of the site whose lock file leads there."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from scripts.build_site import pinned_wheels, write_site_lock
from scripts.distribution import Distribution
from scripts.paths import NPM_PYODIDE
from scripts.wheels import Wheel
from tests.support.browser.builds import rebuild

# What it answers with: its files, files with another content, a web page, or the head of an answer
# and then nothing.
Mood = Literal["files", "other files", "a web page", "silence"]
_PAGE = b"<!doctype html><title>Sign in</title>Sign in to the network"


class StandIn:
    """Serves the wheels of the table `distribution`, and one with compiled code that is none, as
    `broken`. Other packages of the lock file are not there (404)."""

    def __init__(self, folder: Path) -> None:
        self.mood: Mood = "files"
        self.asked: list[str] = []
        self._released = threading.Event()
        self._folder = folder
        folder.mkdir()
        wheels = [*pinned_wheels("distribution"), _broken(folder)]
        for wheel in wheels[:-1]:
            shutil.copyfile(wheel.path, folder / wheel.path.name)
        self._write_npm_package(wheels)
        handler = type("Handler", (_Handler,), {"stand_in": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/full/"
        self.mirror = f"http://127.0.0.1:{self._server.server_port}/mirror/"

    def lead_here(self, site: Path) -> None:
        """Let the lock file of a build lead here."""
        path = site / "pyodide/pyodide-lock.json"
        path.unlink()
        write_site_lock(site / "pyodide", Distribution(self._folder, self.url))
        rebuild(site, "pyodide/pyodide-lock.json", lambda text: text)

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler: _Handler, data: bytes | None) -> None:
        self.asked.append(handler.path)
        kind, status = "application/zip", 200
        if data is None:
            data, status = b"", 404
        elif self.mood == "a web page":
            data, kind = _PAGE, "text/html; charset=utf-8"
        elif self.mood == "other files":
            data = data[:-1]
        handler.send_response(status)
        handler.send_header("Access-Control-Allow-Origin", "*")
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        if self.mood == "silence":
            handler.wfile.write(data[:1000])
            handler.wfile.flush()
            self._released.wait()
        else:
            handler.wfile.write(data)

    def read(self, path: str) -> bytes | None:
        file = self._folder / Path(path).name
        return file.read_bytes() if file.suffix == ".whl" and file.is_file() else None

    def _write_npm_package(self, wheels: list[Wheel]) -> None:
        lock = json.loads((NPM_PYODIDE / "pyodide-lock.json").read_text("utf-8"))
        other = lock["packages"]["six"]
        for wheel in wheels:
            entry = lock["packages"].get(wheel.name, other | {"name": wheel.name})
            lock["packages"][wheel.name] = entry | {
                "file_name": wheel.path.name,
                "imports": wheel.imports,
                "sha256": hashlib.sha256(wheel.path.read_bytes()).hexdigest(),
                "version": str(wheel.version),
            }
        (self._folder / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")


class _Handler(SimpleHTTPRequestHandler):
    stand_in: StandIn

    def do_GET(self) -> None:
        self.stand_in.answer(self, self.stand_in.read(self.path))

    def log_message(self, *_: object) -> None: ...


def _broken(folder: Path) -> Wheel:
    path = folder / "broken-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
    info = "broken-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("broken/__init__.py", "from ._core import *\n")
        archive.writestr("broken/_core.cpython-314-wasm32-emscripten.so", "no WebAssembly")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.4\nName: broken\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return Wheel(path)
