"""The server of the site: its answers to each kind of request."""

import socket
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from scripts.serve import open_next_free, serving


def test_a_file_is_sent_again_only_when_it_changed(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("one")
    with serving(tmp_path) as address:
        with urlopen(address) as response:
            tag = response.headers["ETag"]
        again = Request(address, headers={"If-None-Match": tag})
        assert status_of(again) == 304
        page.write_text("two")  # as long, and in the same second
        with urlopen(again) as response:
            assert response.read() == b"two"


def test_folders_are_not_listed(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        assert status_of(address) == 404


def test_nothing_outside_of_the_folder_is_served(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "site").mkdir()
    with serving(tmp_path / "site") as address:
        assert status_of(f"{address}/../secret.txt") == 404
        assert status_of(f"{address}/%2e%2e/secret.txt") == 404


def test_isolation_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("")
    with serving(tmp_path, isolated=False) as address, urlopen(address) as response:
        assert "Cross-Origin-Embedder-Policy" not in response.headers
        assert "Cross-Origin-Opener-Policy" not in response.headers


def test_next_free_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with open_next_free(tmp_path, taken) as server:
            assert taken < server.server_port < taken + 50


def status_of(request: Request | str) -> int:
    """The status of an answer that is none of the 200s."""
    with pytest.raises(HTTPError) as caught:
        urlopen(request)
    caught.value.close()
    return caught.value.code
