"""A sign-in: the address that it begins with, and the addresses that it may come back with."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from runt_pyodide.errors import AuthenticationError, ProtocolError, ServerError
from runt_pyodide.llm.services.sign_in import SignIn
from runt_pyodide.llm.transport.scripted import Scripted, ScriptedTransport
from tests.support.authorisation import AuthorisationServer


def test_the_challenge_is_the_one_of_the_rfc() -> None:
    """RFC 7636, appendix B."""
    begun = SignIn(verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    query = parse_qs(urlsplit(begun.address).query)
    assert query["code_challenge"] == ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"]


def test_each_sign_in_is_its_own_and_keeps_its_verifier() -> None:
    one, other = SignIn(), SignIn()
    assert len({one.nonce, other.nonce, one.verifier, other.verifier}) == 4
    assert one.verifier not in one.address + repr(one)
    assert one.nonce not in repr(one)


def test_the_callback_keeps_its_own_query() -> None:
    begun = SignIn("https://site.example/back?course=1#top")
    (back,) = parse_qs(urlsplit(begun.address).query)["callback_url"]
    assert back == f"https://site.example/back?course=1&nonce={begun.nonce}#top"


async def test_the_right_verifier_gets_a_key_once() -> None:
    service, begun = AuthorisationServer(), SignIn()
    code = begun.read_code(f"  <{service.decide(begun.address)}> \n")
    assert await begun.fetch_key(service, code) == service.keys[0]
    with pytest.raises(AuthenticationError, match="used before") as caught:
        await begun.fetch_key(service, code)
    assert code not in str(caught.value)
    with pytest.raises(AuthenticationError, match="begun elsewhere"):
        other = SignIn()
        await other.fetch_key(service, begun.read_code(service.decide(begun.address)))


@pytest.mark.parametrize(
    ("back", "said"),
    [
        ("", "not the address"),
        ("http://localhost:3000/", "not the address"),
        ("my-code", "not the address"),
        ("http://localhost:3000/?code=abc", "another sign-in"),
        ("http://localhost:3000/?nonce=&code=abc", "another sign-in"),
        ("http://localhost:3000/?nonce=é&code=abc", "another sign-in"),
        ("http://localhost:3000/?nonce=mine&code=", "not allowed there"),
        ("http://localhost:3000/?nonce=mine&error=access_denied", "not allowed there"),
    ],
)
def test_other_addresses_are_refused(back: str, said: str) -> None:
    with pytest.raises(AuthenticationError, match=said) as caught:
        SignIn(nonce="mine").read_code(back)
    assert "Sign in again" in str(caught.value)
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Scripted(200, {}, [b"{}"]), ProtocolError),
        (Scripted(200, {}, [b'["key"]']), ProtocolError),
        (Scripted(200, {}, [b'{"key": "a\\u0000b"}']), ProtocolError),
        (Scripted(503, {}, [b'{"error": "code-of-mine"}']), ServerError),
        (Scripted(400, {}, [b'{"error": "code-of-mine"}']), AuthenticationError),
    ],
)
async def test_an_answer_without_a_key(answer: Scripted, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        await SignIn().fetch_key(ScriptedTransport([answer]), "code-of-mine")
    assert "code-of-mine" not in str(caught.value)
