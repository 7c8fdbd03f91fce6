"""Addresses as people paste them."""

from __future__ import annotations

import pytest

from runt_pyodide.llm.access.address import (
    Address,
    check_base_url,
    drop_credentials,
    hide_credentials,
)

LOCAL = (
    *("localhost", "localhost:8080", "a.localhost", "box", "box:8080", "127.0.0.1", "127.9.9.9:1"),
    *("10.0.0.7", "192.168.1.7:8080", "172.16.0.1", "172.31.255.255", "169.254.1.1"),
    *("100.101.102.103", "0.0.0.0:8000", "[::1]", "[::1]:8080", "[fe80::1]", "[fd00::1]:1", "::1"),
    *("name.local", "NAME.LOCAL:80", "host.docker.internal:11434", "nas.home.arpa", "printer.lan"),
)
ELSEWHERE = (
    *("example.com", "example.com:8080", "172.15.0.1", "172.32.0.1", "8.8.8.8", "100.128.0.1"),
    *("[2606:4700::1111]", "local.example.com", "internal.example", "localhost.example.com"),
)


@pytest.mark.parametrize("host", LOCAL)
def test_http_within_one_s_own_network(host: str) -> None:
    assert Address.read(f"{host}/v1").with_scheme().scheme == "http"


@pytest.mark.parametrize("host", ELSEWHERE)
def test_https_everywhere_else(host: str) -> None:
    assert Address.read(f"{host}/v1").with_scheme().scheme == "https"


@pytest.mark.parametrize("host", [*LOCAL, *ELSEWHERE])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_scheme_that_is_given_stays(host: str, scheme: str) -> None:
    assert Address.read(f"{scheme.upper()}://{host}").with_scheme().scheme == scheme


def test_an_address_in_its_parts() -> None:
    address = Address.read(" \u200bHttps://Ann:PW@Host.Example:443//A//b/?K=1&&x=%20#top\n")
    assert address == Address("https", "host.example", "/A/b", "K=1&&x=%20", "Ann:PW")
    assert address.url == "https://Ann:PW@host.example/A/b?K=1&&x=%20"
    assert address.parameters == {"K": "1", "x": " "}


def test_parameters_replace_those_of_the_same_names() -> None:
    address = Address.read("https://host/v1?a=1&b=%2F&a=2")
    assert address.with_query({"a": "x y", "c": ""}).query == "b=%2F&a=x+y&c="
    assert address.with_query({}) is address


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://host", "ftp:// is not the address of a server"),
        ("ann:pw@ws://host", "ws:// is not the address of a server"),
        ("https://ho\u200bst/v1", "the address holds ZERO WIDTH SPACE (U+200B)"),
        ("https://host/v 1", "the address holds a blank (U+0020)"),
        ("http://", "not the address of a server"),
        ("javascript:alert(1)", "not the address of a server"),
        ("https://host:port/v1", "not the address of a server"),
        ("https://host\\v1", "not the address of a server"),
        ("sk-proj-abcdefghij0123456789", "looks like a key, not like an address"),
    ],
)
def test_where_no_server_can_be(url: str, said: str) -> None:
    with pytest.raises(ValueError, match="address") as caught:
        check_base_url(url)
    assert said in str(caught.value)


@pytest.mark.parametrize("url", [None, "", " \n", "\u200b"])
def test_a_blank_address_is_none(url: str | None) -> None:
    assert check_base_url(url) is None


@pytest.mark.parametrize(
    "pasted",
    [
        "https://host/v1",
        "<https://host/v1>",
        "'https://host/v1',",
        "https:/host/v1",
        "https:host/v1",
        "https//host/v1",
        "OPENAI_BASE_URL=https://host/v1",
        "export OPENAI_BASE_URL='https://host/v1'",
        '"baseUrl": "https://host/v1",',
    ],
)
def test_what_was_copied_with_it_is_taken_off(pasted: str) -> None:
    assert check_base_url(pasted) == pasted
    assert Address.read(pasted).url == "https://host/v1"


@pytest.mark.parametrize(
    "url",
    [
        "host",
        "host/to?url=ftp://x",
        " HTTP://host\n",
        "http:8080",
        ":8080",
        "https://host/v1?api_key=s3cret-Value-42",
        "https://u:s3cret-Value-42@host/v1",
        "über.local",
    ],
)
def test_where_one_may_be(url: str) -> None:
    assert check_base_url(url) == url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ann:pw@host/v1", "https://host/v1"),
        ("https://host?api-key=a&v=1&sig=b", "https://host?api-key=**********&v=1&sig=**********"),
        (None, None),
    ],
)
def test_what_may_be_shown(url: str | None, shown: str | None) -> None:
    assert hide_credentials(url) == shown


@pytest.mark.parametrize(
    ("url", "rest"),
    [
        ("https://ann:pw@host/v1?api-key=a&v=1&sig=b", "https://host/v1?v=1"),
        ("https://host/v1?api-key=a", "https://host/v1"),
        ("host", "host"),
    ],
)
def test_what_may_be_asked_without_credentials(url: str, rest: str) -> None:
    assert drop_credentials(url) == rest
