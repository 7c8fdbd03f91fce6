"""Serve the site on this machine, as a static host with cross-origin isolation would.

People use `python -m scripts.serve`, tests use `serving()`.
"""

import argparse
import contextlib
import errno
import http.server
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from scripts.paths import SITE

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
PORTS_TO_TRY = 50

# Browsers check every file again, so that a reload shows what was rebuilt. Any page may fetch the
# wheels and modules, such as one on another port of this machine.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
# These make a page cross-origin isolated, which it needs for a SharedArrayBuffer. Not
# `require-corp`: with that, the page could not find out whether a server without CORS headers can
# be reached.
# https://developer.mozilla.org/en-US/docs/Web/API/Window/crossOriginIsolated
ISOLATION_HEADERS = {
    "Cross-Origin-Embedder-Policy": "credentialless",
    "Cross-Origin-Opener-Policy": "same-origin",
}


# Other types come from the system's own table, which differs from machine to machine.
MIME_TYPES = {
    **http.server.SimpleHTTPRequestHandler.extensions_map,
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".metadata": "text/plain; charset=utf-8",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".zip": "application/zip",
}


class StaticFiles(http.server.SimpleHTTPRequestHandler):
    """Serves the files of one folder, with entity tags and the headers above."""

    protocol_version = "HTTP/1.1"  # keeps connections open
    extensions_map = MIME_TYPES

    def __init__(self, *args: Any, isolated: bool = True, verbose: bool = False, **kwargs: Any):
        self._own_headers = HEADERS | (ISOLATION_HEADERS if isolated else {})
        self._verbose = verbose
        super().__init__(*args, **kwargs)

    def send_head(self) -> Any:
        """Answer 304 if the client's copy is up to date, otherwise as usual."""
        tag = self._entity_tag()
        if tag is not None and self.headers.get("If-None-Match") == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.end_headers()
            return None
        # Dates have a resolution of one second, too coarse for a file that is rebuilt twice in one.
        del self.headers["If-Modified-Since"]
        return super().send_head()

    def end_headers(self) -> None:
        for name, value in self._own_headers.items():
            self.send_header(name, value)
        tag = self._entity_tag()
        if tag is not None:
            self.send_header("ETag", tag)
        super().end_headers()

    def guess_type(self, path: Any) -> str:
        """Return the type as in MIME_TYPES; the package index's JSON has a type of its own."""
        if Path(path).name == "index.json":
            return "application/vnd.pypi.simple.v1+json"
        return super().guess_type(path)

    def list_directory(self, path: Any) -> None:  # noqa: ARG002 (the base class names it)
        self.send_error(HTTPStatus.NOT_FOUND, "No index.html here")

    def log_message(self, format: str, *args: Any) -> None:
        if self._verbose:
            super().log_message(format, *args)

    def _entity_tag(self) -> str | None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        try:
            status = path.stat()
        except OSError:
            return None
        return f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


class StaticServer(http.server.ThreadingHTTPServer):
    """Uses a thread for each connection."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore connections that browsers close with the page: that is not an error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def open_server(
    root: Path, port: int = 0, *, isolated: bool = True, verbose: bool = False
) -> StaticServer:
    """Return a server for the files in `root`, already listening. Port 0 means any free port."""
    handler = partial(StaticFiles, directory=str(root), isolated=isolated, verbose=verbose)
    return StaticServer((HOST, port), handler)


@contextlib.contextmanager
def serving(root: Path = SITE, *, isolated: bool = True) -> Iterator[str]:
    """Serve `root` on a free port within the context; yields `http://127.0.0.1:<port>`."""
    with open_server(root, isolated=isolated) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def open_next_free(root: Path, port: int, **options: bool) -> StaticServer:
    """Return a server on `port` or, if that is taken, on the next free one."""
    for candidate in range(port, port + PORTS_TO_TRY):
        try:
            return open_server(root, candidate, **options)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, f"no free port from {port} to {port + PORTS_TO_TRY - 1}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="default: %(default)s")
    parser.add_argument("--root", type=Path, default=SITE, help="default: dist/site")
    parser.add_argument("--no-isolation", action="store_true", help="leave COOP and COEP out")
    parser.add_argument("--verbose", action="store_true", help="print every request")
    options = parser.parse_args()
    if not (options.root / "index.html").is_file():
        parser.error(f"{options.root} holds no index.html: run `make dist` first")
    with open_next_free(
        options.root, options.port, isolated=not options.no_isolation, verbose=options.verbose
    ) as server:
        if server.server_port != options.port:
            print(f"Port {options.port} is taken.")
        print(f"\n  The demo is at  http://localhost:{server.server_port}/\n", flush=True)
        print("Stop it with Ctrl-C.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
