"""Why a request got no answer: found from what the page knows, and with a bare request."""

from __future__ import annotations

import pytest

from runt_pyodide.errors import (
    CorsError,
    LocalNetworkError,
    MixedContentError,
    NetworkError,
    OfflineError,
)
from runt_pyodide.llm.transport.why_no_answer import Mode, Page, explain, find_space

HTTPS = "https://notebooks.example"
HERE = "http://127.0.0.1:11434/api/tags"
NEAR = "http://192.168.1.7:11434/api/tags"
FAR = "https://api.example/v1/models"


async def ask(url: str, page: Page, *modes: Mode) -> NetworkError:
    """The error where the server answers bare requests in these modes alone."""

    async def answers(mode: Mode) -> bool:
        return mode in modes

    return await explain(url, "Failed to fetch", page, answers)


CASES: list[tuple[str, Page, tuple[Mode, ...], type[NetworkError], str]] = [
    ("ftp://host/v1", Page(), (), NetworkError, "not the address of a server"),
    ("http:///v1", Page(), (), NetworkError, "not the address of a server"),
    ("http://[::1/v1", Page(), (), NetworkError, "not the address of a server"),
    (FAR, Page(HTTPS, online=False), (), OfflineError, "offline"),
    (HERE, Page(HTTPS, online=False), (), NetworkError, "No answer from http://127.0.0.1:11434"),
    ("http://api.example/v1", Page(HTTPS), (), MixedContentError, "came by https"),
    (NEAR, Page(HTTPS), (), MixedContentError, "call http://192.168.1.7:11434"),
    (NEAR, Page(HTTPS, permission="prompt"), (), NetworkError, "No answer from"),
    (NEAR, Page(HTTPS, permission="denied"), (), LocalNetworkError, "or near it"),
    (HERE, Page(HTTPS, permission="denied"), (), LocalNetworkError, "on this machine"),
    (HERE, Page("http://a.example", permission="denied"), (), LocalNetworkError, "by https may"),
    (HERE, Page("http://localhost:8", permission="denied"), (), NetworkError, "No answer from"),
    (HERE, Page(HTTPS, permission="granted"), ("no-cors",), CorsError, "is there"),
    (FAR, Page(HTTPS), ("no-cors",), CorsError, "(CORS)"),
    (FAR, Page(HTTPS), ("cors", "no-cors"), CorsError, "send the headers it needs (CORS)"),
    (FAR, Page(HTTPS), ("cors", "preflight"), NetworkError, "ended the connection"),
    (FAR, Page(HTTPS), (), NetworkError, "No answer from https://api.example (Failed to fetch)"),
]


@pytest.mark.parametrize(("url", "page", "modes", "kind", "said"), CASES)
async def test_what_is_known_decides(
    url: str, page: Page, modes: tuple[Mode, ...], kind: type[NetworkError], said: str
) -> None:
    error = await ask(url, page, *modes)
    assert type(error) is kind
    assert said in error.message
    assert error.advice


async def test_cors_tells_the_origin() -> None:
    error = await ask(FAR, Page(HTTPS), "no-cors")
    assert isinstance(error, CorsError)
    assert error.origin == HTTPS
    assert HTTPS in error.advice


@pytest.mark.parametrize(
    ("url", "space"),
    [
        ("http://localhost:1/", "loopback"),
        ("http://a.localhost", "loopback"),
        ("http://[::1]:1", "loopback"),
        ("http://127.9.9.9", "loopback"),
        ("http://10.1.2.3", "local"),
        ("http://box.local", "local"),
        ("http://[fe80::1]", "local"),
        ("https://8.8.8.8", "public"),
        ("https://api.example", "public"),
        ("", "public"),
        ("http://user:secret@10.0.0.1/", "local"),
    ],
)
def test_where_a_host_is(url: str, space: str) -> None:
    assert find_space(url) == space


async def test_an_error_without_cors_headers_may_be_behind_a_lost_answer() -> None:
    """The page may read other answers of the server, so that its origin needs no allowing."""
    error = await ask(FAR, Page(HTTPS), "cors", "preflight")
    assert error.may_be_cors
    assert "may not read" in error.message
    assert error.origin == ""
    assert "origin" not in error.advice


@pytest.mark.parametrize("modes", [("cors", "preflight"), ("no-cors",), ()])
async def test_where_the_policy_of_the_page_hides_answers_both_causes_are_named(
    modes: tuple[Mode, ...],
) -> None:
    """An embedder policy (COEP: require-corp) blocks the probe for CORS itself."""
    error = await ask(FAR, Page(HTTPS, requires_corp=True), *modes)
    assert error.may_be_cors
    if not modes:
        assert type(error) is NetworkError
        assert "No answer from https://api.example (Failed to fetch), or none that" in error.message
        assert "COEP: require-corp" in error.message
        assert "the server is running" in error.advice
        assert f"Allow the origin {HTTPS} on the server" in error.advice
        assert error.origin == HTTPS


async def test_a_password_in_an_address_is_not_shown() -> None:
    error = await ask("https://user:secret@api.example/v1", Page(HTTPS))
    assert str(error).startswith("No answer from https://api.example (")
